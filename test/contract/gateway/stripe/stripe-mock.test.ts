import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listen, type RunningServer } from '../../../../dev/local/http-server.ts';
import type { PaymentGateway } from '../../../../shared/gateway/payment-gateway.ts';
import { createStripeGateway } from '../../../../shared/gateway/stripe/adapter.ts';
import { createStripeChargeList } from '../../../../shared/gateway/stripe/charge-list.ts';
import type { PlainServer } from '../../../../shared/simulators/plain-http.ts';
import { findStripeMock, startStripeMock } from '../../../support/stripe-mock.ts';

const order = { reference: 'pay-1', amount: 12_500, currency: 'KRW' };
const key = 'chg:pay-1:1';

const mock = findStripeMock();
if ('missing' in mock) console.warn(mock.missing);

describe.runIf('path' in mock)('the Stripe adapter at stripe-mock', () => {
  let stripeMock: Awaited<ReturnType<typeof startStripeMock>>;
  let between: RunningServer;
  let gateway: PaymentGateway;
  /** What was asked, and how it was answered: 400 where Stripe's OpenAPI description does not know a path or a parameter. */
  let asked: string[];
  /** Makes an answer ours, for the mock answers with the same examples whoever asks. */
  let change: (answer: Example) => Example;

  const onTheWay: PlainServer = async ({ method, path, query, headers, body }) => {
    const search = new URLSearchParams(query as Record<string, string>);
    const answer = await fetch(`${stripeMock.url}${path}?${search}`, {
      method,
      headers: {
        authorization: headers.authorization ?? '',
        'content-type': headers['content-type'] ?? '',
      },
      ...(method === 'POST' && { body }),
    });
    asked.push(`${method} ${path} ${answer.status}`);
    const told = JSON.stringify(change((await answer.json()) as Example));

    return { kind: 'reply', status: answer.status, body: told, afterMs: 0 };
  };

  beforeAll(async () => {
    if ('missing' in mock) return;
    stripeMock = await startStripeMock(mock.path);
    between = await listen(onTheWay);
    gateway = createStripeGateway({
      url: between.url,
      secretKey: 'sk_test_123',
      timeoutMs: 20_000,
    });
  });
  beforeEach(() => {
    asked = [];
    change = (answer) => answer;
  });
  afterAll(async () => {
    await between?.close();
    await stripeMock?.stop();
  });

  /** The search finds the mock's example, with our reference and this status. */
  const finds = (status: string) => {
    change = (answer) => ({
      ...answer,
      ...(answer.data && {
        data: answer.data.map((each) => ({ ...each, status, metadata: { reference: 'pay-1' } })),
      }),
    });
  };

  it('makes and confirms a PaymentIntent, and reads what is made', async () => {
    const outcome = await gateway.charge({ ...order, key, paymentMethod: 'pm_card_visa' });

    expect(asked).toEqual(['POST /v1/payment_intents 200']);
    expect(outcome).toMatchObject({ reason: expect.stringMatching(/^PaymentIntent pi_\w+ is /) });
  });

  it('reads an approval', async () => {
    change = (answer) => ({
      ...answer,
      status: 'succeeded',
      amount_received: 12_500,
      currency: 'krw',
      metadata: { reference: 'pay-1' },
    });

    const outcome = await gateway.charge({ ...order, key, paymentMethod: 'pm_card_visa' });

    expect(outcome).toMatchObject({ outcome: 'approved' });
  });

  it('searches by our reference', async () => {
    finds('processing');

    expect(await gateway.inquire(order)).toEqual({ outcome: 'in-progress' });
    expect(asked).toEqual(['GET /v1/payment_intents/search 200']);
  });

  it('reads what was given back of a capture', async () => {
    finds('succeeded');

    await gateway.inquire(order);

    expect(asked).toEqual(['GET /v1/payment_intents/search 200', 'GET /v1/refunds 200']);
  });

  it('cancels what the search finds', async () => {
    finds('requires_action');

    await gateway.cancel(order);

    expect(asked).toEqual([
      'GET /v1/payment_intents/search 200',
      expect.stringMatching(/^POST \/v1\/payment_intents\/pi_\w+\/cancel 200$/),
    ]);
  });

  it('closes the key of what it does not find', async () => {
    change = (answer) => ({ ...answer, metadata: { closes: 'pay-1' } });

    expect(await gateway.cancel({ ...order, key })).toEqual({ outcome: 'cancelled' });
    expect(asked).toEqual(['GET /v1/payment_intents/search 200', 'POST /v1/payment_intents 200']);
  });

  it('refunds what the search finds, unless it has been refunded', async () => {
    finds('succeeded');
    const found = change;
    change = (answer) =>
      answer.object === 'refund' ? { ...answer, amount: 12_500, currency: 'krw' } : found(answer);

    const outcome = await gateway.refund({ ...order, key: 'rfd:1' });

    expect(outcome).toMatchObject({ outcome: 'refunded' });
    expect(asked).toEqual([
      'GET /v1/payment_intents/search 200',
      'GET /v1/refunds 200',
      'POST /v1/refunds 200',
    ]);
  });

  it('lists PaymentIntents with their charges', async () => {
    finds('succeeded');
    const ledger = createStripeChargeList({
      url: between.url,
      secretKey: 'sk_test_123',
      timeoutMs: 20_000,
    });

    await Array.fromAsync(ledger.charges());

    expect(asked).toEqual(['GET /v1/payment_intents 200']);
  });

  it('looks for a refund among those of what the search finds', async () => {
    finds('succeeded');
    const found = change;
    change = (answer) => ({
      ...found(answer),
      ...(answer.object === 'list' && {
        data: answer.data?.map((each) => ({
          ...each,
          amount: 12_500,
          currency: 'krw',
          metadata: { key: 'rfd:1' },
        })),
      }),
    });

    const outcome = await gateway.inquireRefund({ ...order, key: 'rfd:1' });

    expect(outcome).toMatchObject({ outcome: 'refunded' });
    expect(asked).toEqual(['GET /v1/payment_intents/search 200', 'GET /v1/refunds 200']);
  });
});

interface Example {
  readonly object?: string;
  readonly data?: readonly Example[];
  readonly [field: string]: unknown;
}
