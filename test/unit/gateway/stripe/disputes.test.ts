import { describe, expect, it } from 'vitest';
import { listen } from '../../../../dev/local/http-server.ts';
import { jsonReply } from '../../../../shared/simulators/plain-http.ts';
import { charge, createStripeHarness, order, stripeGatewayAt } from './harness.ts';

/** A harness with a captured charge. */
const openCaptured = async (options: Parameters<typeof createStripeHarness>[0] = {}) => {
  const harness = await createStripeHarness(options);
  await harness.gateway.charge(charge);
  const { id: transactionId } = harness.intent();
  harness.takeRequests();
  const { open, close: decide } = harness.stripe.disputes;

  return { ...harness, open, decide, transactionId, byId: { ...order, transactionId } };
};

describe('Stripe adapter: disputes', () => {
  it('reads the disputes of a disputed charge alone', async () => {
    const { gateway, byId, open, transactionId, takeRequests, close } = await openCaptured();

    const undisputed = await gateway.inquire(byId);
    const readOnce = takeRequests();
    const id = open(transactionId, { amount: 1_500 });
    const disputed = await gateway.inquire(byId);

    expect(undisputed).not.toHaveProperty('dispute');
    expect(readOnce).toEqual(['GET /v1/payment_intents/pi', 'GET /v1/refunds']);
    expect(disputed).toEqual({ ...undisputed, dispute: { id, amount: 1_500, status: 'open' } });
    expect(takeRequests()).toEqual([...readOnce, 'GET /v1/disputes']);
    await close();
  });

  it.each([
    ['needs_response', 'won', 'won'],
    ['needs_response', 'lost', 'lost'],
    ['needs_response', 'prevented', 'lost'],
    ['warning_needs_response', 'warning_closed', 'won'],
    ['warning_needs_response', 'prevented', 'won'],
  ] as const)('states a dispute of status %s that ends as %s: %s', async (status, end, stated) => {
    const { gateway, byId, open, decide, stripe, transactionId, close } = await openCaptured();
    const statusNow = async () => {
      const found = await gateway.inquire(byId);

      return found.outcome === 'approved' ? found.dispute?.status : found.outcome;
    };

    const id = open(transactionId, { status });
    expect(await statusNow()).toBe('open');
    stripe.disputes.submitEvidence(id);
    expect(await statusNow()).toBe('open');
    decide(id, end);
    expect(await statusNow()).toBe(stated);
    await close();
  });

  it('states the newest of two disputes', async () => {
    const { gateway, byId, open, decide, transactionId, close } = await openCaptured();
    decide(open(transactionId, { amount: 1_000 }), 'lost');
    const id = open(transactionId, { amount: 500 });

    expect(await gateway.inquire(byId)).toMatchObject({
      captured: 4_000,
      refunded: 0,
      dispute: { id, amount: 500, status: 'open' },
    });
    await close();
  });

  it('states a dispute beside a mismatch', async () => {
    const { gateway, byId, open, transactionId, close } = await openCaptured();
    const id = open(transactionId);

    expect(await gateway.inquire({ ...byId, amount: 3_999 })).toMatchObject({
      outcome: 'mismatch',
      dispute: { id, amount: 4_000, status: 'open' },
    });
    await close();
  });

  it('reads a dispute by id although the search does not show it yet', async () => {
    const { gateway, byId, open, timers, transactionId, close } = await openCaptured({
      searchLagMs: 60_000,
    });
    timers.advance(60_000);
    open(transactionId);

    expect(await gateway.inquire(order)).not.toHaveProperty('dispute');
    expect(await gateway.inquire(byId)).toHaveProperty('dispute.status', 'open');
    timers.advance(60_000);
    expect(await gateway.inquire(order)).toHaveProperty('dispute.status', 'open');
    await close();
  });

  it.each<[string, number, object, object]>([
    ['ambiguous for a failure', 500, { error: { type: 'api_error' } }, { outcome: 'ambiguous' }],
    ['ambiguous for an unreadable list', 200, { object: 'list' }, { outcome: 'ambiguous' }],
    ['not-sent for a rate limit', 429, {}, { outcome: 'not-sent' }],
    [
      'the whole charge for another currency',
      200,
      {
        object: 'list',
        data: [
          {
            object: 'dispute',
            id: 'du_1',
            amount: 31,
            currency: 'usd',
            status: 'needs_response',
            balance_transactions: [],
          },
        ],
      },
      { outcome: 'approved', dispute: { id: 'du_1', amount: 4_000, status: 'open' } },
    ],
  ])('returns %s', async (_what, status, body, outcome) => {
    const { stripe, byId, open, timers, transactionId, close } = await openCaptured();
    open(transactionId);
    const server = await listen((request) =>
      request.path === '/v1/disputes'
        ? Promise.resolve(jsonReply(status, body))
        : stripe.server(request),
    );
    const gateway = stripeGatewayAt(server.url, timers);

    expect(await gateway.inquire(byId)).toMatchObject(outcome);
    await Promise.all([server.close(), close()]);
  });

  it('declines the refund of a disputed charge until the dispute is won', async () => {
    const { gateway, byId, open, decide, transactionId, readState, close } = await openCaptured();
    const id = open(transactionId);

    expect(await gateway.refund({ ...byId, key: 'rfd:1' })).toMatchObject({
      outcome: 'declined',
      code: 'charge_disputed',
    });
    decide(id, 'won');
    expect(await gateway.refund({ ...byId, key: 'rfd:2' })).toMatchObject({ outcome: 'refunded' });
    expect(readState().refunded).toEqual([4_000]);
    await close();
  });

  it.each([
    ['pm_card_createDispute', ['created', 'funds_withdrawn']],
    ['pm_card_createDisputeInquiry', ['created']],
  ])('finds the dispute that %s causes', async (paymentMethod, types) => {
    const { gateway, eventTypes, close } = await createStripeHarness();

    await gateway.charge({ ...charge, paymentMethod });

    expect(await gateway.inquire(order)).toHaveProperty('dispute.status', 'open');
    expect(eventTypes()).toEqual([
      'payment_intent.succeeded',
      ...types.map((type) => `charge.dispute.${type}`),
    ]);
    await close();
  });

  it('sends the events of a dispute that is answered and won', async () => {
    const { open, decide, stripe, eventTypes, transactionId, close } = await openCaptured();

    const id = open(transactionId);
    stripe.disputes.submitEvidence(id);
    decide(id, 'won');

    expect(eventTypes().slice(1)).toEqual(
      ['created', 'funds_withdrawn', 'updated', 'closed', 'funds_reinstated'].map(
        (type) => `charge.dispute.${type}`,
      ),
    );
    await close();
  });
});
