import { setTimeout as sleep } from 'node:timers/promises';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { logger } from '../observability/logger.ts';
import type { PlainRequest, PlainResponse, PlainServer } from './plain-http.ts';

export interface PlainHandlerOptions {
  /** The longest that anything waits. Longer than the client does, shorter than the HTTP API, which ends all at 30 s. */
  readonly maxDelayMs: number;
  readonly wait?: (delayMs: number) => Promise<unknown>;
}

/** A plain server as a function behind an HTTP API (payload 2.0). It cannot hang for ever, so it answers when nobody listens. */
export const createPlainHandler = (
  server: PlainServer,
  { maxDelayMs, wait = sleep }: PlainHandlerOptions,
) =>
  middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>().handler(async (event) => {
    const request = toPlainRequest(event);
    const { status, body, afterMs } = withoutHang(await server(request), maxDelayMs);
    logger.info('request completed', {
      method: request.method,
      path: request.path,
      status,
      afterMs,
    });
    if (afterMs > 0) await wait(afterMs);

    return { statusCode: status, headers: { 'content-type': 'application/json' }, body };
  });

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

const withoutHang = (answer: PlainResponse, maxDelayMs: number) =>
  answer.kind === 'hang'
    ? { status: 504, body: '', afterMs: maxDelayMs }
    : { ...answer, afterMs: Math.min(answer.afterMs, maxDelayMs) };
