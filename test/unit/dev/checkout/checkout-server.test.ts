import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startCheckout } from '../../../../dev/checkout/checkout-server.ts';
import { listen, type RunningServer } from '../../../../dev/local/http-server.ts';
import { jsonReply, type PlainRequest } from '../../../../shared/simulators/plain-http.ts';

let api: RunningServer;
let checkout: RunningServer;
let requests: PlainRequest[] = [];

beforeAll(async () => {
  api = await listen(async (request) => {
    if (request.path === '/token') {
      return jsonReply(200, { access_token: `token of ${JSON.parse(request.body).sub}` });
    }
    requests.push(request);
    const reply = jsonReply(202, { paymentId: 'pay_1' });

    return reply.kind === 'reply' ? { ...reply, headers: { etag: '"1"', server: 'api' } } : reply;
  });
  checkout = await startCheckout(
    { apiUrl: api.url, tokenUrl: `${api.url}/token` },
    {
      buyers: ['alice'],
      products: [{ sku: 'tea', name: 'Tea', unitPrice: 3_500, currency: 'KRW' }],
    },
  );
});

afterAll(async () => {
  await checkout.close();
  await api.close();
});

beforeEach(() => {
  requests = [];
});

describe('demo checkout', () => {
  it.each([
    ['/', 'text/html; charset=utf-8', '<title>Demo checkout</title>'],
    ['/page.css', 'text/css; charset=utf-8', ':root'],
    ['/page.js', 'text/javascript; charset=utf-8', 'idempotency-key'],
    ['/view.js', 'text/javascript; charset=utf-8', 'element'],
  ])('serves %s, which runs only its own scripts', async (path, contentType, text) => {
    const answer = await fetch(`${checkout.url}${path}?orderId=ord_1`);

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(contentType);
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(await answer.text()).toContain(text);
  });

  it('lists who can buy what', async () => {
    expect(await (await fetch(`${checkout.url}/shop`)).json()).toEqual({
      buyers: ['alice'],
      products: [{ sku: 'tea', name: 'Tea', unitPrice: 3_500, currency: 'KRW' }],
    });
  });

  it('calls the API with the token of the buyer, which the page never gets', async () => {
    const answer = await fetch(`${checkout.url}/api/payments?orderId=ord_1`, {
      method: 'POST',
      headers: {
        'x-buyer': 'alice',
        'idempotency-key': 'key-1',
        'content-type': 'application/json',
        cookie: 'session=1',
      },
      body: '{"orderId":"ord_1"}',
    });

    expect(answer.status).toBe(202);
    expect(answer.headers.get('etag')).toBe('"1"');
    expect(await answer.text()).toBe('{"paymentId":"pay_1"}');
    expect(requests).toMatchObject([
      {
        method: 'POST',
        path: '/payments',
        query: { orderId: 'ord_1' },
        headers: { authorization: 'Bearer token of alice', 'idempotency-key': 'key-1' },
        body: '{"orderId":"ord_1"}',
      },
    ]);
    expect(requests[0]?.headers).not.toHaveProperty('cookie');
  });

  it.each([undefined, 'mallory', 'operator'])('calls no API as %s', async (buyer) => {
    const answer = await fetch(`${checkout.url}/api/operator/payments`, {
      headers: { ...(buyer && { 'x-buyer': buyer }) },
    });

    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ detail: 'Name one of the buyers in X-Buyer: alice.' });
    expect(requests).toEqual([]);
  });

  it('answers 404 and 405 to what it does not serve', async () => {
    expect((await fetch(`${checkout.url}/../package.json`)).status).toBe(404);
    expect((await fetch(checkout.url, { method: 'POST', body: '{}' })).status).toBe(405);
  });
});
