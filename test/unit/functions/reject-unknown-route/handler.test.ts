import { describe, expect, it } from 'vitest';
import { handler as getHealth } from '../../../../functions/get-health/index.ts';
import { handler as refuseRoute } from '../../../../functions/reject-unknown-route/index.ts';
import { RejectionError } from '../../../../shared/domain/errors.ts';
import { httpHandler } from '../../../../shared/http/http-handler.ts';
import { relativeReference } from '../../../../shared/http/relative-reference.ts';
import { buyerOf, emptyBodySchema, parseOptionalBody } from '../../../../shared/http/request.ts';
import { methodsOf, type Route, routes } from '../../../../shared/http/routes.ts';
import { apiGatewayEvent } from '../../../support/builders/api-gateway-event.ts';
import {
  call,
  failingHandler,
  invokeHandler,
  orderRequest,
} from '../../../support/harness/invoke-handler.ts';

/** Requests that reach the fallback route. */
const stray = (method: string, path: string) => {
  const event = apiGatewayEvent({ method: 'GET', path: '/health' });
  const { requestContext } = event;
  const http = { ...requestContext.http, method, path };

  return invokeHandler(refuseRoute, {
    ...event,
    rawPath: path,
    routeKey: '$default',
    requestContext: { ...requestContext, http },
  });
};

const all: readonly Route[] = routes;
const paths = [...Map.groupBy(all, ({ path }) => path)];

describe('reject unknown route', () => {
  it.each(paths)('answers 405 with the allowed methods: %s', async (path, served) => {
    const allow = served.flatMap(methodsOf).toSorted().join(', ');

    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE']) {
      expect(await stray(method, path.replaceAll(/\{\w+\}/g, 'x_1'))).toMatchObject({
        status: 405,
        headers: { allow, 'content-type': 'application/problem+json' },
        body: { code: 'method-not-allowed' },
      });
    }
  });

  it.each(['/', '/payments/', '/openapixjson', '/payments/pay_1/x', '/nowhere'])(
    'answers 404 for an unknown path: %s',
    async (path) => {
      expect(await stray('PUT', path)).toMatchObject({
        status: 404,
        body: { code: 'route-not-found' },
      });
    },
  );
});

describe('HEAD request', () => {
  it('answers like GET without a body', async () => {
    const got = await call(getHealth, { method: 'GET', path: '/health' });

    expect(await call(getHealth, { method: 'HEAD', path: '/health' })).toEqual({
      status: got.status,
      headers: got.headers,
    });
  });

  it('answers a rejection without a body', async () => {
    const refused = failingHandler(new RejectionError({ code: 'order-not-found', detail: 'No.' }));
    const request = { method: 'HEAD', path: '/orders/ord_1', buyer: 'alice' } as const;

    expect(await call(refused, request)).toEqual({
      status: 404,
      headers: { 'cache-control': 'no-store', 'content-type': 'application/problem+json' },
    });
  });
});

describe('401 response', () => {
  it('names the authentication scheme', async () => {
    const whoAmI = httpHandler(async (event) => ({ status: 200, body: buyerOf(event) }));

    expect(await call(whoAmI, { ...orderRequest, buyer: '' })).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    });
  });
});

describe('Location header', () => {
  it.each([
    ['/payments', '/payments/pay_1'],
    ['/payments/{paymentId}/cancel', '/payments/pay_1'],
    ['/payments/{paymentId}/refunds', '/refunds/rfd_1'],
    ['/orders', '/orders/ord_1'],
  ])('resolves against %s below any base path', (route, path) => {
    const location = relativeReference(route, path);
    const requested = route.replace('{paymentId}', 'pay_1');

    for (const base of ['https://api.example', 'https://api.example/shop/v1'])
      expect(new URL(location, base + requested).href).toBe(base + path);
  });

  it('is relative to the route in every response', async () => {
    const done = httpHandler(async () => ({
      status: 202,
      headers: { location: '/refunds/rfd_1' },
    }));
    const refused = failingHandler(
      new RejectionError({ code: 'payment-in-progress', detail: 'No.', paymentId: 'pay_1' }),
    );
    const path = '/payments/pay_2/refunds';

    expect((await call(done, { ...orderRequest, path })).headers.location).toBe(
      '../../refunds/rfd_1',
    );
    expect((await call(refused, { ...orderRequest, path: '/payments' })).headers.location).toBe(
      'payments/pay_1',
    );
  });
});

describe('route without a request body', () => {
  const bare = httpHandler(async (event) => ({
    status: 200,
    body: parseOptionalBody(emptyBodySchema, event),
  }));

  it.each([undefined, '', '{}', '{ }'])('accepts %j', async (body) => {
    expect(await call(bare, { ...orderRequest, body })).toMatchObject({ status: 200, body: {} });
  });

  it.each([
    ['{"nonsense":1}', 400],
    ['[]', 400],
    ['null', 400],
    ['garbage', 400],
  ])('rejects %s', async (body, status) => {
    expect(await call(bare, { ...orderRequest, body })).toMatchObject({ status });
  });

  it('rejects text', async () => {
    const headers = { 'content-type': 'text/plain' };

    expect(await call(bare, { ...orderRequest, headers, body: 'garbage' })).toMatchObject({
      status: 415,
    });
  });
});
