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

/** The result in API Gateway's shape. */
export interface ApiGatewayResult extends APIGatewayProxyStructuredResultV2 {
  readonly statusCode: number;
}

/** The result of a request, with its outcome and the fields of its log line. */
export interface CompletedRequest {
  readonly result: ApiGatewayResult;
  readonly outcome: 'succeeded' | 'replayed' | 'rejected' | 'failed';
  readonly logFields: object;
}

/** What the response needs to know of the request. */
export interface RequestDetails {
  readonly method: string;
  /** Path template of the route. */
  readonly route: string;
  readonly instance: string;
  readonly traceId: string;
}

/** Completes a request with the handler's response. Throws if the body cannot be serialized. */
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

/** Completes a request with the problem document of an error. */
export const completeWithError = (thrown: unknown, request: RequestDetails): CompletedRequest => {
  const error = toKnownError(thrown);
  try {
    return completeWithProblem(error, request);
  } catch (cause) {
    return completeWithProblem(
      new Error('The problem document cannot be serialized.', { cause }),
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

/**
 * Maps an error to a rejection or a ServiceUnavailableError if it is one; wraps a thrown value that is not an
 * Error.
 */
const toKnownError = (thrown: unknown): Error => {
  if (thrown instanceof RequestInProgressError) {
    return new RejectionError({
      code: 'idempotency-key-in-flight',
      detail: thrown.message,
      retryAfterSeconds: 1,
    });
  }
  if (isTransientError(thrown))
    return new ServiceUnavailableError('A dependency is unavailable.', { cause: thrown });

  return thrown instanceof Error
    ? thrown
    : new Error(`A non-Error value was thrown: ${inspect(thrown)}`);
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
  // Serialized for HEAD too, so that HEAD fails if GET does.
  ...(body !== undefined && bodyUnlessHead(method, JSON.stringify(body))),
});

/** A response to HEAD is that to GET without the body. */
const bodyUnlessHead = (method: string, body: string) => (method === 'HEAD' ? {} : { body });
