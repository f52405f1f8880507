import { inspect } from 'node:util';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { isTransientError } from '../config/transient-errors.ts';
import {
  RejectionError,
  RequestInProgressError,
  ServiceUnavailableError,
} from '../domain/errors.ts';
import { recordMetric } from '../observability/metrics.ts';
import type { BaseResponse, HttpResponse } from './http-response.ts';
import { toProblem } from './problem.ts';
import { relativeReference } from './relative-reference.ts';

/** What API Gateway sends. */
export interface ApiGatewayResult extends APIGatewayProxyStructuredResultV2 {
  readonly statusCode: number;
}

/** How a request ended, and what its log line says of that. */
export interface CompletedRequest {
  readonly result: ApiGatewayResult;
  readonly outcome: 'succeeded' | 'replayed' | 'rejected' | 'failed';
  readonly logFields: object;
}

/** What an answer depends on beside the handler. */
export interface RequestDetails {
  readonly method: string;
  /** The path as the route has it. */
  readonly route: string;
  readonly instance: string;
  readonly traceId: string;
}

/** The answer of a handler. Throws if it cannot be written as JSON. */
export const completeWithResponse = (
  { ids = {}, ...response }: HttpResponse,
  request: RequestDetails,
): CompletedRequest => {
  const isReplay = response.headers?.['idempotency-replayed'] === 'true';

  return {
    result: toResult(response, request),
    outcome: isReplay ? 'replayed' : 'succeeded',
    logFields: ids,
  };
};

/** The problem document for whatever was thrown. */
export const completeWithError = (thrown: unknown, request: RequestDetails): CompletedRequest => {
  const error = toKnownError(thrown);
  try {
    return completeWithProblem(error, request);
  } catch (cause) {
    return completeWithProblem(
      new Error('A refusal cannot be written as JSON.', { cause }),
      request,
    );
  }
};

const completeWithProblem = (error: Error, request: RequestDetails): CompletedRequest => {
  const { code, ...response } = toProblem(error, request);
  const result = toResult(response, request);
  if (error instanceof RejectionError) recordMetric('RequestsRejected', 1, { code });

  return {
    result,
    outcome: response.status >= 500 ? 'failed' : 'rejected',
    logFields: { code, ...(!(error instanceof RejectionError) && { error }) },
  };
};

/** Names an outage as such, wherever in the call it happened, and makes an error of what is thrown but is none. */
const toKnownError = (thrown: unknown): Error => {
  if (thrown instanceof RequestInProgressError) {
    return new RejectionError({
      code: 'idempotency-key-in-flight',
      detail: thrown.message,
      retryAfterSeconds: 1,
    });
  }
  if (isTransientError(thrown))
    return new ServiceUnavailableError('A dependency did not answer.', { cause: thrown });

  return thrown instanceof Error
    ? thrown
    : new Error(`Not an error was thrown: ${inspect(thrown)}`);
};

const toResult = (
  { status, headers, body }: BaseResponse,
  { method, route }: RequestDetails,
): ApiGatewayResult => ({
  statusCode: status,
  headers: {
    'cache-control': 'no-store',
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...headers,
    ...(headers?.location && { location: relativeReference(route, headers.location) }),
  },
  // Written for HEAD too, so that it fails where GET does.
  ...(body !== undefined && bodyUnlessHead(method, JSON.stringify(body))),
});

/** The answer to HEAD says all that the one to GET says, but for the body. */
const bodyUnlessHead = (method: string, body: string) => (method === 'HEAD' ? {} : { body });
