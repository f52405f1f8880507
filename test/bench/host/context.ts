import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';

/** The Lambda context of an invocation. */
export const createLambdaContext = (name: string, timeoutMs: number): Context => {
  const endsAt = performance.now() + timeoutMs;

  return {
    functionName: name,
    awsRequestId: randomUUID(),
    getRemainingTimeInMillis: () => endsAt - performance.now(),
  } as Context;
};
