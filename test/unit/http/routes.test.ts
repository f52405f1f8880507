import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Route, routes } from '../../../shared/http/routes.ts';
import { gatewayEvent, routeOf } from '../../support/gateway-event.ts';

describe('the route table', () => {
  it.each(routes)('$method $path is answered by functions/$function', ({ function: folder }) => {
    expect(existsSync(new URL(`../../../functions/${folder}/index.ts`, import.meta.url))).toBe(
      true,
    );
  });

  it('has each route once', () => {
    const names = routes.map(({ method, path }) => `${method} ${path}`);

    expect(new Set(names).size).toBe(routes.length);
  });

  it('leaves to the public what needs no token, and what the PG signs', () => {
    const all: readonly Route[] = routes;
    const open = all.filter(({ access }) => access === 'public').map(({ path }) => path);

    expect(open).toEqual(['/webhooks/pg', '/health', '/openapi.json']);
  });
});

describe('an event made from it', () => {
  it('has what API Gateway takes from path and query', () => {
    const event = gatewayEvent({
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
    const { requestContext } = gatewayEvent({ method: 'GET', path: '/health' });

    expect(requestContext).not.toHaveProperty('authorizer');
  });

  it('needs a buyer on any other', () => {
    expect(() => gatewayEvent({ method: 'GET', path: '/payments' })).toThrow('needs a buyer');
  });

  it('cannot be made for a route that is not there', () => {
    expect(() => routeOf('DELETE', '/payments')).toThrow('No route answers DELETE /payments.');
    expect(() => routeOf('GET', '/payments/')).toThrow();
  });
});
