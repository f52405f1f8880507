import { setTimeout as sleep } from 'node:timers/promises';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { logger } from '../observability/logger.ts';
import type { PlainAnswer, PlainRequest, PlainServer } from './plain-http.ts';

export interface LambdaOptions {
  /** The longest that anything waits. Longer than the client does, shorter than the HTTP API, which ends all at 30 s. */
  readonly hangMs: number;
  readonly wait?: (delayMs: number) => Promise<unknown>;
}

/** A plain server as a function behind an HTTP API (payload 2.0). It cannot hang for ever, so it answers when nobody listens. */
export const plainHandler = (server: PlainServer, { hangMs, wait = sleep }: LambdaOptions) =>
  middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>().handler(async (event) => {
    const request = requestOf(event);
    const { status, body, afterMs } = ended(await server(request), hangMs);
    logger.info('answered', { method: request.method, path: request.path, status, afterMs });
    if (afterMs > 0) await wait(afterMs);

    return { statusCode: status, headers: { 'content-type': 'application/json' }, body };
  });

const requestOf = ({
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

const ended = (answer: PlainAnswer, hangMs: number) =>
  answer.kind === 'hang'
    ? { status: 504, body: '', afterMs: hangMs }
    : { ...answer, afterMs: Math.min(answer.afterMs, hangMs) };
