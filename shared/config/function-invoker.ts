import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { requestTimeouts } from './aws-clients.ts';
import type { InvocationPlatform } from './platform.ts';

/** A function answers later than a database: its first request starts an environment. */
const requestTimeoutMs = 10_000;

export const invocationPlatform: InvocationPlatform = {
  createInvoker: () => {
    const lambda = new LambdaClient({
      maxAttempts: 2,
      requestHandler: { ...requestTimeouts, requestTimeout: requestTimeoutMs },
    });

    return async (FunctionName, event) => {
      const { FunctionError, Payload } = await lambda.send(
        new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }),
      );
      const text = Payload?.transformToString() ?? '';
      if (FunctionError) throw new Error(`${FunctionName} failed: ${FunctionError}, ${text}`);

      return JSON.parse(text);
    };
  },
};
