import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { InvokeFunction } from '../../shared/config/platform.ts';
import { canaryBuyer } from '../../shared/domain/canary.ts';
import { parseJson } from '../../shared/domain/json.ts';
import type { ApiEvent } from '../../shared/http/request.ts';

/** A request of the canary on one of its routes. */
export interface CanaryRequest {
  /** The name or the ARN of the function behind the route. */
  readonly functionName: string;
  readonly method: 'GET' | 'POST';
  /** The path template. */
  readonly route: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly key?: string;
  readonly body?: object;
}

/** The status and the parsed body of the response; an empty body if it has none. */
export interface CanaryResponse {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export type CallApi = (request: CanaryRequest) => Promise<CanaryResponse>;

/**
 * Creates a client that invokes the function behind a route with the event that API Gateway sends for a token of the
 * canary's buyer. Throws if the function threw.
 */
export const createCallApi =
  (invoke: InvokeFunction, randomId: () => string): CallApi =>
  async (request) => {
    const result = await invoke(request.functionName, eventOf(request, randomId()));
    const { statusCode = 500, body } = result as APIGatewayProxyStructuredResultV2;

    return { status: statusCode, body: (parseJson(body ?? '') ?? {}) as CanaryResponse['body'] };
  };

const eventOf = (
  { method, route, parameters = {}, key, body }: CanaryRequest,
  requestId: string,
): ApiEvent => {
  const routeKey = `${method} ${route}`;
  const path = Object.entries(parameters).reduce(
    (text, [name, value]) => text.replace(`{${name}}`, value),
    route,
  );

  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: '',
    headers: {
      ...(key !== undefined && { 'idempotency-key': key }),
      ...(body && { 'content-type': 'application/json' }),
    },
    pathParameters: parameters,
    ...(body && { body: JSON.stringify(body) }),
    isBase64Encoded: false,
    requestContext: {
      accountId: '',
      apiId: 'canary',
      domainName: 'canary',
      domainPrefix: 'canary',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'canary' },
      requestId,
      routeKey,
      stage: '$default',
      time: '',
      timeEpoch: 0,
      authorizer: {
        principalId: '',
        integrationLatency: 0,
        jwt: { claims: { sub: canaryBuyer }, scopes: [] },
      },
    },
  };
};
