import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type ApiRequest, toGatewayEvent } from '../../support/builders/api-gateway-event.ts';
import type { RouteMatch } from '../../support/cdk/deployment/route-of.ts';
import type { ApiAnswer } from '../run-record.ts';
import type { WorldParts } from '../virtual/world-parts.ts';
import { withDeadline } from './deadline.ts';
import type { InvocationResult } from './lambda.ts';

interface Dependencies extends Pick<WorldParts, 'time' | 'random' | 'faults'> {
  readonly routeOf: (method: string, path: string) => RouteMatch | undefined;
  readonly invoke: (
    folder: string,
    event: unknown,
    about: () => string,
  ) => Promise<InvocationResult>;
}

/** API Gateway waits for a function at most this long. */
const integrationTimeoutMs = 30_000;

/** Bodies of API Gateway's own answers. */
const ownAnswer = (status: number, message: string) => ({
  statusCode: status,
  headers: {},
  body: JSON.stringify({ message }),
});

/** The HTTP API: selects the route, checks the token's scope, invokes the function. A response may get lost. */
export const createApi = ({ routeOf, invoke, time, random, faults }: Dependencies) => {
  const respond = async (request: ApiRequest): Promise<APIGatewayProxyStructuredResultV2> => {
    const { method, path, buyer, scope = '' } = request;
    const route = routeOf(method, path);
    if (route === undefined) return ownAnswer(404, 'Not Found');
    if (!route.isPublic && buyer === undefined) return ownAnswer(401, 'Unauthorized');
    const granted = scope.split(' ');
    if (route.scopes.length > 0 && !route.scopes.some((each) => granted.includes(each)))
      return ownAnswer(403, 'Forbidden');
    const invocation = invoke(
      route.folder,
      toGatewayEvent(request, route, { id: random.id(), at: time.now }),
      () => `${method} ${path} ${request.key ?? ''} ${JSON.stringify(request.body) ?? ''}`,
    );
    const result = await withDeadline<InvocationResult | undefined>(
      invocation,
      (delayMs, run) => time.after(delayMs, run),
      integrationTimeoutMs,
      (resolve) => resolve(undefined),
    );
    if (result === undefined || result.kind === 'throttled')
      return ownAnswer(503, 'Service Unavailable');

    return result.kind === 'returned'
      ? (result.value as APIGatewayProxyStructuredResultV2)
      : ownAnswer(500, 'Internal Server Error');
  };

  /** Sends one request; undefined if its response never came. */
  return async (request: ApiRequest): Promise<ApiAnswer | undefined> => {
    const sentAt = time.now;
    const { statusCode = 200, headers = {}, body } = await respond(request);
    if (faults.occurs('lostResponse', 'api')) return undefined;

    return {
      sentAt,
      at: time.now,
      request,
      status: statusCode,
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
      ),
      body: body === undefined ? undefined : JSON.parse(body),
    };
  };
};
