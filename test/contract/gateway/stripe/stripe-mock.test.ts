import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listen, type RunningServer } from '../../../../dev/local/http-server.ts';
import { systemTimers } from '../../../../shared/config/system-clock.ts';
import { sendHttp } from '../../../../shared/gateway/http-exchange.ts';
import type { PaymentGateway } from '../../../../shared/gateway/payment-gateway.ts';
import { createStripeGateway } from '../../../../shared/gateway/stripe/adapter.ts';
import { createStripeChargeList } from '../../../../shared/gateway/stripe/charge-list.ts';
import type { PlainServer } from '../../../../shared/simulators/plain-http.ts';
import { findStripeMock, startStripeMock } from '../../../support/stripe-mock.ts';

const order = { reference: 'pay-1', amount: 12_500, currency: 'KRW' };
const key = 'chg:pay-1:1';

const mock = findStripeMock();
if ('missing' in mock) console.warn(mock.missing);

describe.runIf('path' in mock)('Stripe adapter against stripe-mock', () => {
  let stripeMock: Awaited<ReturnType<typeof startStripeMock>>;
  let proxy: RunningServer;
  let gateway: PaymentGateway;
  /** Each request and its status: 400 if Stripe's OpenAPI description has no such path or parameter. */
  let requests: string[];
  /** Adapts a response to our request: the mock always returns the same examples. */
  let change: (response: Example) => Example;

  const forward: PlainServer = async ({ method, path, query, headers, body }) => {
    const search = new URLSearchParams(query as Record<string, string>);
    const response = await fetch(`${stripeMock.url}${path}?${search}`, {
      method,
      headers: {
        authorization: headers.authorization ?? '',
        'content-type': headers['content-type'] ?? '',
      },
      ...(method === 'POST' && { body }),
    });
    requests.push(`${method} ${path} ${response.status}`);
    const changed = JSON.stringify(change((await response.json()) as Example));

    return { kind: 'reply', status: response.status, body: changed, afterMs: 0 };
  };

  beforeAll(async () => {
    if ('missing' in mock) return;
    stripeMock = await startStripeMock(mock.path);
    proxy = await listen(forward);
    gateway = createStripeGateway({
      url: proxy.url,
      secretKey: 'sk_test_123',
      timeoutMs: 20_000,
      timers: systemTimers,
      exchange: sendHttp,
    });
  });
  beforeEach(() => {
    requests = [];
    change = (response) => response;
  });
  afterAll(async () => {
    await proxy?.close();
    await stripeMock?.stop();
  });

  /** Makes the search find the mock's example, with our reference and this status. */
  const returnFromSearch = (status: string) => {
    change = (response) => ({
      ...response,
      ...(response.data && {
        data: response.data.map((each) => ({ ...each, status, metadata: { reference: 'pay-1' } })),
      }),
    });
  };

  it('creates and confirms a PaymentIntent and reads the response', async () => {
    const outcome = await gateway.charge({ ...order, key, paymentMethod: 'pm_card_visa' });

    expect(requests).toEqual(['POST /v1/payment_intents 200']);
    expect(outcome).toMatchObject({ reason: expect.stringMatching(/^PaymentIntent pi_\w+ is /) });
  });

  it('reads an approval', async () => {
    change = (response) => ({
      ...response,
      status: 'succeeded',
      amount_received: 12_500,
      currency: 'krw',
      metadata: { reference: 'pay-1' },
    });

    const outcome = await gateway.charge({ ...order, key, paymentMethod: 'pm_card_visa' });

    expect(outcome).toMatchObject({ outcome: 'approved' });
  });

  it('sends the page to which the buyer returns, and reads the intent that waits', async () => {
    const url = 'https://hooks.stripe.com/3d_secure_2/hosted';
    change = (response) => ({
      ...response,
      status: 'requires_action',
      metadata: { reference: 'pay-1' },
      next_action: { type: 'redirect_to_url', redirect_to_url: { url } },
    });
    const returnUrl = 'https://shop.example/paid';

    const outcome = await gateway.charge({
      ...order,
      key,
      paymentMethod: 'pm_card_authenticationRequired',
      returnUrl,
    });

    expect(outcome).toMatchObject({ outcome: 'requires-action', url });
    expect(requests).toEqual([
      'POST /v1/payment_intents 200',
      expect.stringMatching(/^GET \/v1\/payment_intents\/pi_\w+ 200$/),
    ]);
  });

  it('reads the dispute of a disputed charge', async () => {
    change = (response) => ({
      ...response,
      ...(response.object === 'payment_intent' && {
        status: 'succeeded',
        metadata: { reference: 'pay-1' },
        latest_charge: { disputed: true },
      }),
    });

    expect(await gateway.inquire({ ...order, transactionId: 'pi_1' })).toMatchObject({
      dispute: { id: expect.any(String), amount: expect.any(Number) },
    });
    expect(requests).toEqual([
      'GET /v1/payment_intents/pi_1 200',
      'GET /v1/refunds 200',
      'GET /v1/disputes 200',
    ]);
  });

  it('searches by our reference', async () => {
    returnFromSearch('processing');

    expect(await gateway.inquire(order)).toEqual({ outcome: 'in-progress' });
    expect(requests).toEqual(['GET /v1/payment_intents/search 200']);
  });

  it('reads the refunds of a capture', async () => {
    returnFromSearch('succeeded');

    await gateway.inquire(order);

    expect(requests).toEqual(['GET /v1/payment_intents/search 200', 'GET /v1/refunds 200']);
  });

  it('cancels the intent that the search finds', async () => {
    returnFromSearch('requires_action');

    await gateway.cancel(order);

    expect(requests).toEqual([
      'GET /v1/payment_intents/search 200',
      expect.stringMatching(/^POST \/v1\/payment_intents\/pi_\w+\/cancel 200$/),
    ]);
  });

  it('closes the key if the search finds no intent', async () => {
    change = (response) => ({ ...response, metadata: { closes: 'pay-1' } });

    expect(await gateway.cancel({ ...order, key })).toEqual({ outcome: 'cancelled' });
    expect(requests).toEqual([
      'GET /v1/payment_intents/search 200',
      'POST /v1/payment_intents 200',
    ]);
  });

  it('refunds the intent that the search finds, unless already refunded', async () => {
    returnFromSearch('succeeded');
    const found = change;
    change = (response) =>
      response.object === 'refund'
        ? { ...response, amount: 12_500, currency: 'krw' }
        : found(response);

    const outcome = await gateway.refund({ ...order, key: 'rfd:1' });

    expect(outcome).toMatchObject({ outcome: 'refunded' });
    expect(requests).toEqual([
      'GET /v1/payment_intents/search 200',
      'GET /v1/refunds 200',
      'POST /v1/refunds 200',
    ]);
  });

  it('lists PaymentIntents with their charges', async () => {
    returnFromSearch('succeeded');
    const chargeList = createStripeChargeList({
      url: proxy.url,
      secretKey: 'sk_test_123',
      timeoutMs: 20_000,
      timers: systemTimers,
      exchange: sendHttp,
    });

    await Array.fromAsync(chargeList.charges());

    expect(requests).toEqual(['GET /v1/payment_intents 200']);
  });

  it('finds a refund of the intent that the search finds', async () => {
    returnFromSearch('succeeded');
    const found = change;
    change = (response) => ({
      ...found(response),
      ...(response.object === 'list' && {
        data: response.data?.map((each) => ({
          ...each,
          amount: 12_500,
          currency: 'krw',
          metadata: { key: 'rfd:1' },
        })),
      }),
    });

    const outcome = await gateway.inquireRefund({ ...order, key: 'rfd:1' });

    expect(outcome).toMatchObject({ outcome: 'refunded' });
    expect(requests).toEqual(['GET /v1/payment_intents/search 200', 'GET /v1/refunds 200']);
  });
});

interface Example {
  readonly object?: string;
  readonly data?: readonly Example[];
  readonly [field: string]: unknown;
}
