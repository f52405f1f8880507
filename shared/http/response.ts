import { inspect } from 'node:util';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { isOutage } from '../config/transient-errors.ts';
import { Outage, Refusal } from '../domain/errors.ts';
import { InFlight } from '../lambda/idempotency.ts';
import { measure } from '../observability/metrics.ts';
import type { Answer } from './http-handler.ts';
import { type HttpAnswer, toProblem } from './problem.ts';
import { relativeTo } from './relative-reference.ts';

/** What API Gateway sends. */
export interface Result extends APIGatewayProxyStructuredResultV2 {
  readonly statusCode: number;
}

/** How a request ended, and what its log line says of that. */
export interface Ended {
  readonly result: Result;
  readonly outcome: 'answered' | 'replayed' | 'refused' | 'failed';
  readonly told: object;
}

/** What an answer depends on beside the handler. */
export interface Asked {
  readonly method: string;
  /** The path as the route has it. */
  readonly route: string;
  readonly instance: string;
  readonly traceId: string;
}

/** The answer of a handler. Throws if it cannot be written as JSON. */
export const answered = ({ ids = {}, ...answer }: Answer, asked: Asked): Ended => {
  const isReplay = answer.headers?.['idempotency-replayed'] === 'true';

  return {
    result: toResult(answer, asked),
    outcome: isReplay ? 'replayed' : 'answered',
    told: ids,
  };
};

/** The problem document for whatever was thrown. */
export const refused = (thrown: unknown, asked: Asked): Ended => {
  const error = classified(thrown);
  try {
    return problem(error, asked);
  } catch (cause) {
    return problem(new Error('A refusal cannot be written as JSON.', { cause }), asked);
  }
};

const problem = (error: Error, asked: Asked): Ended => {
  const { code, ...answer } = toProblem(error, asked);
  const result = toResult(answer, asked);
  if (error instanceof Refusal) measure('Refusals', 1, { code });

  return {
    result,
    outcome: answer.status >= 500 ? 'failed' : 'refused',
    told: { code, ...(!(error instanceof Refusal) && { error }) },
  };
};

/** Names an outage as such, wherever in the call it happened, and makes an error of what is thrown but is none. */
const classified = (thrown: unknown): Error => {
  if (thrown instanceof InFlight) {
    return new Refusal({
      code: 'idempotency-key-in-flight',
      detail: thrown.message,
      retryAfterSeconds: 1,
    });
  }
  if (isOutage(thrown)) return new Outage('A dependency did not answer.', { cause: thrown });

  return thrown instanceof Error
    ? thrown
    : new Error(`Not an error was thrown: ${inspect(thrown)}`);
};

const toResult = ({ status, headers, body }: HttpAnswer, { method, route }: Asked): Result => ({
  statusCode: status,
  headers: {
    'cache-control': 'no-store',
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...headers,
    ...(headers?.location && { location: relativeTo(route, headers.location) }),
  },
  // Written for HEAD too, so that it fails where GET does.
  ...(body !== undefined && withoutBodyOf(method, JSON.stringify(body))),
});

/** The answer to HEAD says all that the one to GET says, but for the body. */
const withoutBodyOf = (method: string, body: string) => (method === 'HEAD' ? {} : { body });
