import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEventV2WithJWTAuthorizer as GatewayEvent } from 'aws-lambda';
import { methodsOf, type Route, routes } from '../../../shared/http/routes.ts';

export interface ApiRequest {
  readonly method: Route['method'] | 'HEAD';
  /** Path without the query: `/payments/pay_1`. */
  readonly path: string;
  /** The `sub` claim of the token; optional for public routes. */
  readonly buyer?: string;
  /** The scopes of the token, separated by spaces. */
  readonly scope?: string;
  /** The Idempotency-Key. */
  readonly key?: string;
  /** A string is sent unchanged, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number>>;
}

interface SelectedRoute {
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly isPublic: boolean;
}

/** The API Gateway event (payload format 2.0) of a request. */
export const apiGatewayEvent = (request: ApiRequest): GatewayEvent => {
  const { method, path, buyer } = request;
  const { route, parameters: pathParameters } = routeOf(method, path);
  const isPublic = route.access === 'public';
  if (!isPublic && buyer === undefined) throw new Error(`${method} ${path} needs a buyer.`);

  return toGatewayEvent(
    request,
    { routeKey: `${method} ${route.path}`, pathParameters, isPublic },
    { id: randomUUID(), at: Date.now() },
  );
};

/** The API Gateway event of a request on its route, with this request id and time. */
export const toGatewayEvent = (
  request: ApiRequest,
  { routeKey, pathParameters, isPublic }: SelectedRoute,
  { id, at }: { readonly id: string; readonly at: number },
): GatewayEvent => {
  const { method, path, query = {} } = request;
  const queryStrings = Object.entries(query).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  const { text, contentType } = encodeBody(request.body);

  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: new URLSearchParams(queryStrings).toString(),
    headers: {
      host: 'api.test',
      ...(contentType !== undefined && { 'content-type': contentType }),
      ...(request.key !== undefined && { 'idempotency-key': request.key }),
      ...lowerCaseNames(request.headers),
    },
    ...(queryStrings.length > 0 && { queryStringParameters: Object.fromEntries(queryStrings) }),
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
    ...(text !== undefined && { body: text }),
    isBase64Encoded: false,
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      domainName: 'api.test',
      domainPrefix: 'api',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'tests' },
      requestId: id,
      routeKey,
      stage: '$default',
      time: new Date(at).toISOString(),
      timeEpoch: at,
      ...(!isPublic && { authorizer: authorizerOf(request) }),
    } as GatewayEvent['requestContext'],
  };
};

/** The route that API Gateway selects, and the path parameters. */
export const routeOf = (
  method: string,
  path: string,
): { route: Route; parameters: Record<string, string> } => {
  for (const route of routes) {
    const match = methodsOf(route).includes(method as Route['method'])
      ? patternOf(route).exec(path)
      : null;
    if (match === null) continue;
    const parameters = Object.entries(match.groups ?? {}).map(([name, value]) => [
      name,
      decodeURIComponent(value),
    ]);

    return { route, parameters: Object.fromEntries(parameters) };
  }
  throw new Error(`No route answers ${method} ${path}.`);
};

const patternOf = ({ path }: Route) =>
  new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);

const encodeBody = (body: unknown): { text?: string; contentType?: string } => {
  if (body === undefined) return {};

  return {
    text: typeof body === 'string' ? body : JSON.stringify(body),
    contentType: 'application/json',
  };
};

const lowerCaseNames = (headers: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

const authorizerOf = ({ buyer = '', scope }: ApiRequest) => ({
  principalId: '',
  integrationLatency: 0,
  jwt: {
    claims: {
      sub: buyer,
      email: emailOf(buyer, scope),
      ...(scope !== undefined && { scope }),
    },
    scopes: scope?.split(' ') ?? [],
  },
});

/** The e-mail claim of a token: operators have addresses of their own, which audits may store. */
const emailOf = (sub: string, scope: string | undefined): string =>
  `${sub}@${scope?.includes('aftercommit/') ? 'operators' : 'buyers'}.example`;
