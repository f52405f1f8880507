import { describe, expect, it } from 'vitest';
import { getPayment } from '../../../../functions/get-payment/handler.ts';
import { ServiceUnavailableError } from '../../../../shared/domain/errors.ts';
import { isFinalForBuyer } from '../../../../shared/domain/payments/buyer-status.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { httpHandler } from '../../../../shared/http/http-handler.ts';
import { createLongPoll } from '../../../../shared/http/long-poll.ts';
import { noon } from '../../../support/builders/builders.ts';
import { nextActionOptions } from '../../../support/builders/checkout.ts';
import { aWaitingPayment } from '../../../support/builders/waiting-payment.ts';
import { call } from '../../../support/harness/invoke-handler.ts';
import { completed, order, pending, reading, stored } from './harness.ts';

describe('get payment', () => {
  it('returns a payment to its buyer without payment method and request', async () => {
    const failed = stored({
      status: 'COMPENSATED',
      version: 5,
      failure: {
        code: 'lost_card',
        reason: 'Your card was reported lost.',
        evidence: 'pg said no',
        skus: [],
      },
    });

    const { status, body } = await reading([0, failed]).get();

    expect(status).toBe(200);
    expect(body).toEqual({
      paymentId: pending.paymentId,
      orderId: order.orderId,
      status: 'FAILED',
      stage: 'COMPENSATED',
      amount: 5_000,
      balanceAmount: 2_000,
      gatewayAmount: 3_000,
      currency: 'KRW',
      version: 5,
      createdAt: noon.toISOString(),
      updatedAt: noon.toISOString(),
      failure: { code: 'card-declined', reason: 'The card was declined.' },
      released: true,
      refunded: 0,
      links: {
        self: `/payments/${pending.paymentId}`,
        timeline: `/payments/${pending.paymentId}/timeline`,
      },
    });
  });

  it.each([
    ['LATE_CAPTURED', 'The payment was captured after it had failed and is being refunded.'],
    ['REVERSED', 'The payment was captured after it had failed and was refunded.'],
  ] as const)('shows a late charge as charged: %s', async (status, reason) => {
    const failure = { code: 'not-charged', reason: 'It has not charged it, and will not.' };

    expect((await reading([0, stored({ status, failure })]).get()).body).toMatchObject({
      status: 'FAILED',
      failure: { code: 'not-charged', reason },
    });
  });

  it.each([
    ['RESERVED', undefined],
    ['COMPLETED', undefined],
    ['FAILED', undefined],
    ['IN_REVIEW', undefined],
    ['COMPENSATED', true],
    ['LATE_CAPTURED', undefined],
    ['REVERSED', true],
  ] as const)('shows whether everything is back: %s, %s', async (status, released) => {
    expect((await reading([0, stored({ status })]).get()).body.released).toBe(released);
  });

  it('says what the buyer does next, in the version that waits for them', async () => {
    const waiting = aWaitingPayment();
    const action = { url: 'https://bank.example/3ds', expiresAt: noon.toISOString() };
    const challenged = { ...waiting, status: 'REQUIRES_ACTION' as const, version: 3, action };
    const read = async (payment: Payment) => (await reading([0, payment]).get()).body;

    expect(await read(waiting)).toMatchObject({
      status: 'REQUIRES_ACTION',
      stage: 'REQUIRES_METHOD',
      nextAction: { type: 'provide-payment-method', reference: 'pay_1', amount: 3_000 },
    });
    expect(await read(challenged)).toMatchObject({
      status: 'REQUIRES_ACTION',
      stage: 'REQUIRES_ACTION',
      nextAction: { type: 'redirect', ...action },
    });
    expect(await read(pending)).not.toHaveProperty('nextAction');
  });

  it('has no failure if it did not fail, even after a review', async () => {
    const reviewed = {
      ...completed,
      failure: { code: 'outcome-unknown', reason: 'It was not known.' },
    };

    expect((await reading([0, completed]).get()).body).not.toHaveProperty('failure');
    expect((await reading([0, reviewed]).get()).body).not.toHaveProperty('failure');
  });

  it("answers another buyer's payment like a missing one, without waiting", async () => {
    const another = reading([0, pending]);

    const answer = await another.get({ prefer: 'wait=20' }, 'bob');
    const missing = await reading().get({ prefer: 'wait=20' }, 'bob');

    expect(answer).toMatchObject({ status: 404, body: { code: 'payment-not-found' } });
    expect(answer).toEqual(missing);
    expect(another.waitedMs()).toBe(0);
  });

  it('sends the version as entity tag', async () => {
    expect((await reading([0, completed]).get()).headers).toMatchObject({
      etag: '"3"',
      'cache-control': 'private, no-cache',
    });
  });

  it.each(['"3"', 'W/"3"', '"1", W/"3"', '*'])('answers 304 to If-None-Match %s', async (tag) => {
    const { status, headers, ...rest } = await reading([0, completed]).get({
      'if-none-match': tag,
    });

    expect(status).toBe(304);
    expect(headers).toEqual({ etag: '"3"', 'cache-control': 'private, no-cache' });
    expect(rest).toEqual({});
  });

  it.each(['"2"', '3', '"33"', ''])('answers 200 to If-None-Match %j', async (tag) => {
    expect(await reading([0, completed]).get({ 'if-none-match': tag })).toMatchObject({
      status: 200,
    });
  });
});

describe('get payment from a table that cannot be read', () => {
  it('throws, also while waiting', async () => {
    const handler = httpHandler(
      getPayment({
        ...nextActionOptions,
        payments: { getOwned: () => Promise.reject(new ServiceUnavailableError('No answer.')) },
        poll: createLongPoll({
          clock: { now: () => noon },
          sleep: async () => {},
          acquireSlot: async () => undefined,
        }),
      }),
    );
    const request = { method: 'GET', path: '/payments/pay_1', buyer: 'alice' } as const;

    expect(await call(handler, request)).toMatchObject({ status: 503 });
  });
});

describe('a final payment', () => {
  it.each([
    ['RESERVED', false],
    ['CHARGING', false],
    ['UNKNOWN', false],
    ['IN_REVIEW', false],
    ['COMPLETED', true],
    ['FAILED', true],
    ['COMPENSATED', true],
    ['LATE_CAPTURED', true],
    ['REVERSED', true],
  ] as const)('%s: %s', (status, decided) => {
    expect(isFinalForBuyer(stored({ status }))).toBe(decided);
  });

  it('stays final when it is refunded', () => {
    expect(isFinalForBuyer({ ...completed, refunded: 1 })).toBe(true);
    expect(isFinalForBuyer({ ...completed, refunded: completed.amount })).toBe(true);
  });
});
