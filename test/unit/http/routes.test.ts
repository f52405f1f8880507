import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type DescribedRoute, describedRoutes } from '../../../dev/docs/openapi/operations.ts';
import { httpHandler } from '../../../shared/http/http-handler.ts';
import { type Route, routes, scopesOf, scopesOfRouteKey } from '../../../shared/http/routes.ts';
import { apiGatewayEvent, routeOf } from '../../support/builders/api-gateway-event.ts';
import { call } from '../../support/harness/invoke-handler.ts';

describe('route table', () => {
  it.each(routes)('serves $method $path with functions/$function', ({ function: folder }) => {
    expect(existsSync(new URL(`../../../functions/${folder}/index.ts`, import.meta.url))).toBe(
      true,
    );
  });

  it('has each route once', () => {
    const names = routes.map(({ method, path }) => `${method} ${path}`);

    expect(new Set(names).size).toBe(routes.length);
  });

  it('has only routes without a token and the signed webhook as public', () => {
    const all: readonly Route[] = routes;
    const open = all.filter(({ access }) => access === 'public').map(({ path }) => path);

    expect(open).toEqual(['/webhooks/pg', '/health', '/openapi.json']);
  });
});

describe('scopes of a route', () => {
  const [support, review, redrive, all] = [
    ...['support', 'review', 'redrive', 'operator'].map((name) => `aftercommit/${name}`),
  ];

  it.each([
    ['GET', '/operator/dead-letters', [redrive, support, all]],
    ['POST', '/operator/dead-letters/redrive', [redrive, all]],
    ['GET', '/operator/payments/{paymentId}/timeline', [support, all]],
    ['POST', '/operator/payments/{paymentId}/inquire', [support, all]],
    ['POST', '/operator/payments/{paymentId}/cancel', [support, all]],
    ['GET', '/operator/reviews', [review, support, all]],
    ['GET', '/operator/reviews/{reviewId}', [review, support, all]],
    ['POST', '/operator/reviews/{reviewId}/resolve', [review, all]],
    ['GET', '/operator/ledger', [support, all]],
  ])('%s %s', (method, path, scopes) => {
    const one = routes.find((route) => route.method === method && route.path === path);

    expect(one && scopesOf(one)).toEqual(scopes);
  });

  it('are none outside /operator, and some below', () => {
    for (const route of routes)
      expect(scopesOf(route).length > 0, route.path).toBe(route.path.startsWith('/operator/'));
  });

  it('are found by the key of a matched route, also of HEAD', () => {
    expect(scopesOfRouteKey('HEAD /operator/ledger')).toEqual([support, all]);
    expect(scopesOfRouteKey('GET /orders')).toEqual([]);
    expect(scopesOfRouteKey('$default')).toEqual([]);
  });
});

describe('query of a route', () => {
  const described: readonly DescribedRoute[] = describedRoutes;
  const nothing = httpHandler(async () => ({ status: 200, body: {} }));
  const ask = (route: Route, query: Readonly<Record<string, string>>) =>
    call(nothing, {
      method: route.method,
      path: route.path.replaceAll(/\{\w+\}/g, 'one'),
      buyer: 'alice',
      query,
    });

  it('is declared by the routes that document one', () => {
    const all: readonly Route[] = routes;

    expect(all.filter(({ query }) => query).map(({ path }) => path)).toEqual(
      described.filter(({ operation }) => operation.query).map(({ route }) => route.path),
    );
  });

  it.each(
    described.filter(({ route, operation }) => !operation.query && route.access !== 'public'),
  )('is rejected by name if none is documented: $route.method $route.path', async ({ route }) => {
    expect(await ask(route, { dryRun: 'true' })).toMatchObject({
      status: 400,
      body: { code: 'invalid-request', errors: [{ parameter: 'dryRun' }] },
    });
    expect(await ask(route, {})).toMatchObject({ status: 200 });
  });

  it.each(described.filter(({ route, operation }) => operation.query || route.access === 'public'))(
    'is not rejected by the handler: $route.method $route.path',
    async ({ route }) => {
      expect(await ask(route, { by: 'x' })).toMatchObject({ status: 200 });
    },
  );
});

describe('API Gateway event for a route', () => {
  it('has the path and query parameters', () => {
    const event = apiGatewayEvent({
      method: 'GET',
      path: '/payments/pay_%201/timeline',
      buyer: 'alice',
      scope: 'aftercommit/operator',
      headers: { 'If-None-Match': '"1"' },
      query: { limit: 2 },
    });

    expect(event).toMatchObject({
      routeKey: 'GET /payments/{paymentId}/timeline',
      rawPath: '/payments/pay_%201/timeline',
      rawQueryString: 'limit=2',
      pathParameters: { paymentId: 'pay_ 1' },
      queryStringParameters: { limit: '2' },
      headers: { 'if-none-match': '"1"' },
      requestContext: {
        authorizer: {
          jwt: { claims: { sub: 'alice', scope: 'aftercommit/operator' } },
        },
      },
      isBase64Encoded: false,
    });
  });

  it('has no caller on a public route', () => {
    const { requestContext } = apiGatewayEvent({ method: 'GET', path: '/health' });

    expect(requestContext).not.toHaveProperty('authorizer');
  });

  it('requires a buyer on other routes', () => {
    expect(() => apiGatewayEvent({ method: 'GET', path: '/payments' })).toThrow('needs a buyer');
  });

  it('cannot be built for an unknown route', () => {
    expect(() => routeOf('DELETE', '/payments')).toThrow('No route answers DELETE /payments.');
    expect(() => routeOf('GET', '/payments/')).toThrow();
  });
});
