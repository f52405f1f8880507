import type { Context } from 'aws-lambda';
import { createHandler } from '../observability/invocation-scope.ts';
import { logger, safely } from '../observability/logger.ts';
import { flushMetrics, logOutcome, recordMetric } from '../observability/metrics.ts';
import {
  type ApiGatewayResult,
  completeWithError,
  completeWithResponse,
} from './complete-request.ts';
import type { HttpResponse } from './http-response.ts';
import {
  type ApiEvent,
  emptyQuerySchema,
  loggablePathOf,
  parseQuery,
  routePathOf,
  traceIdIn,
} from './request.ts';
import { rejectsQuery } from './routes.ts';

/**
 * Handles the requests of one route: turns every error into a problem document and logs one line with the
 * outcome.
 */
export const httpHandler = (
  handleRequest: (event: ApiEvent, context: Context) => Promise<HttpResponse>,
) =>
  createHandler<ApiEvent, ApiGatewayResult>().handler(async (event, context) => {
    const began = performance.now();
    const request = {
      method: event.requestContext.http.method,
      route: routePathOf(event),
      instance: loggablePathOf(event),
      traceId: traceIdIn(event, context),
    };
    // Parsing the request may throw synchronously.
    const completed = await (async () => {
      if (rejectsQuery(event.routeKey)) parseQuery(emptyQuerySchema, event);

      return completeWithResponse(await handleRequest(event, context), request);
    })().catch((error: unknown) => completeWithError(error, request));
    const { statusCode: status } = completed.result;
    recordMetric('RequestLatency', Math.round(performance.now() - began), {
      outcome: completed.outcome,
    });
    safely(() => logRequest(event, { status, traceId: request.traceId, ...completed.logFields }));

    return completed.result;
  });

type RequestLogFields = Readonly<Record<string, unknown>> & { readonly status: number };

const logRequest = ({ routeKey: route }: ApiEvent, fields: RequestLogFields): void => {
  // Without a server error the service name identifies the route.
  if (fields.status >= 500) logger.error('request completed', { route, ...fields });
  else logOutcome('request completed', fields);
  flushMetrics();
};
