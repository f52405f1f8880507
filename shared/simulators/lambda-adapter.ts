import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { createHandler } from '../observability/invocation-scope.ts';
import { logger } from '../observability/logger.ts';
import type { PlainRequest, PlainResponse, PlainServer } from './plain-http.ts';

export interface PlainHandlerOptions {
  /** The maximum delay of a response: above the client's timeout, below the 30 s limit of the HTTP API. */
  readonly maxDelayMs: number;
  readonly sleep: (delayMs: number) => Promise<unknown>;
  /** The path as it is logged, without secrets; the whole path by default. */
  readonly loggedPathOf?: (path: string) => string;
}

/**
 * Adapts a plain server to a function behind an HTTP API (payload 2.0). A hang becomes a 504 after the
 * client's timeout.
 */
export const createPlainHandler = (
  server: PlainServer,
  { maxDelayMs, sleep, loggedPathOf = (path) => path }: PlainHandlerOptions,
) =>
  createHandler<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>().handler(
    async (event) => {
      const request = toPlainRequest(event);
      const { status, body, afterMs, headers } = withoutHang(await server(request), maxDelayMs);
      logger.info('request completed', {
        method: request.method,
        path: loggedPathOf(request.path),
        status,
        afterMs,
      });
      if (afterMs > 0) await sleep(afterMs);

      return {
        statusCode: status,
        headers: { 'content-type': 'application/json', ...headers },
        body,
      };
    },
  );

const toPlainRequest = ({
  rawPath,
  requestContext,
  queryStringParameters,
  headers,
  body,
  isBase64Encoded,
}: APIGatewayProxyEventV2): PlainRequest => ({
  method: requestContext.http.method,
  path: rawPath,
  query: queryStringParameters ?? {},
  headers,
  body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8').toString('utf8'),
});

const withoutHang = (response: PlainResponse, maxDelayMs: number) =>
  response.kind === 'hang'
    ? { status: 504, body: '', afterMs: maxDelayMs, headers: {} }
    : { ...response, afterMs: Math.min(response.afterMs, maxDelayMs) };
