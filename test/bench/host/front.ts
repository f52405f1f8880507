import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { ApiEvent } from '../../../shared/http/request.ts';
import type { Route } from '../../../shared/http/routes.ts';
import { apiGatewayEvent } from '../../support/builders/api-gateway-event.ts';

export type HttpResult = APIGatewayProxyStructuredResultV2;

export type RequestHandler = (event: ApiEvent) => Promise<HttpResult>;

/**
 * Replaces API Gateway: converts each request to a function's event, and the function's result to the
 * response. The header `x-buyer` names the caller; tokens are not measured.
 */
export const startFront = async (handler: RequestHandler, port = 0) => {
  const server = createServer((incoming, outgoing) => {
    handleRequest(handler, incoming, outgoing).catch((error: unknown) => {
      console.error(error);
      if (!outgoing.headersSent) outgoing.writeHead(502).end();
    });
  });
  // Keeps idle connections open, so that they do not break between two runs of the load generator.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // Concurrent requests wait here, as before the threads of a server.
    server.listen({ port, host: '127.0.0.1', backlog: 2_048 }, resolve);
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const handleRequest = async (
  handler: RequestHandler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> => {
  const { method, url = '/', headers } = incoming;
  const { 'x-buyer': buyer, ...rest } = headers;
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const body = await text(incoming);
  const event = apiGatewayEvent({
    method: method as Route['method'],
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: rest as Record<string, string>,
    ...(buyer !== undefined && { buyer: `${buyer}` }),
    ...(body !== '' && { body }),
  });
  const { statusCode = 200, headers: given = {}, body: responseBody } = await handler(event);

  outgoing.writeHead(statusCode, given as Record<string, string>).end(responseBody);
};
