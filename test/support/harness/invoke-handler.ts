import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { httpHandler } from '../../../shared/http/http-handler.ts';
import type { HttpResponse } from '../../../shared/http/http-response.ts';
import type { ApiEvent } from '../../../shared/http/request.ts';
import { type ApiRequest, apiGatewayEvent } from '../builders/api-gateway-event.ts';

export const aLambdaContext = (given: Partial<Context> = {}): Context =>
  ({
    awsRequestId: '0af76519-16cd-43dd-8448-eb211c80319c',
    getRemainingTimeInMillis: () => 10_000,
    ...given,
  }) as Context;

type Handler = ReturnType<typeof httpHandler>;

/** The response of a handler; `body` is parsed JSON. */
export const invokeHandler = async (handler: Handler, event: ApiEvent) => {
  const { statusCode, headers, body } = (await handler(
    event,
    aLambdaContext(),
  )) as APIGatewayProxyStructuredResultV2;

  return {
    status: statusCode,
    headers: { ...headers },
    ...(body !== undefined && { body: JSON.parse(body) }),
  };
};

export const call = (handler: Handler, request: ApiRequest) =>
  invokeHandler(handler, apiGatewayEvent(request));

/** A buyer's request, with the given fields replaced. */
export const orderRequest = {
  method: 'POST',
  path: '/orders',
  buyer: 'alice',
  key: 'k-1',
} as const;

/** A handler that always throws this error. */
export const failingHandler = (error: unknown): Handler =>
  httpHandler(async (): Promise<HttpResponse> => {
    throw error;
  });
