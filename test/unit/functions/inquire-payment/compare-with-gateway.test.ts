import { describe, expect, it } from 'vitest';
import { applyRefundSuccess } from '../../../../shared/domain/refunds/refund-settlement.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { aRefund, later, refundSuccess } from '../../../support/builders/refund-generators.ts';
import { anEndedPayment } from '../difference-harness.ts';

const windowMs = timings.local.inFlightWindowMs;

describe('compare with gateway', () => {
  it('is consistent if the gateway matches the ledger, and changes nothing', async () => {
    const { compare, holds, stored, reviews } = anEndedPayment();
    const { version } = stored();
    holds(5_000, 0);

    expect(await compare()).toBe('consistent');

    expect(reviews()).toEqual([]);
    expect(stored()).toMatchObject({ version, lastInquiredAt: later(3_600).toISOString() });
  });

  it.each([
    ['a part was refunded at the gateway', 5_000, 2_000, -2_000],
    ['all was refunded at the gateway', 5_000, 5_000, -5_000],
    ['more was captured', 5_001, 0, 1],
  ])(
    'opens one review if %s, for any number of comparisons',
    async (_case, captured, refunded, amount) => {
      const { compare, holds, stored, reviews, id } = anEndedPayment();
      const before = stored();
      holds(captured, refunded);

      expect(await compare()).toBe('review-opened');
      expect([await compare(), await compare()]).toEqual(['known-difference', 'known-difference']);

      expect(reviews()).toMatchObject([
        {
          reviewId: id(1),
          kind: 'gateway-difference',
          code: 'gateway-difference',
          status: 'OPEN',
          amountAtRisk: Math.abs(amount),
          difference: { captured, refunded, booked: 0, pending: 0, amount },
        },
      ]);
      const isRefund = amount < 0;
      expect(stored()).toMatchObject({
        status: 'COMPLETED',
        version: before.version + (isRefund ? 1 : 0),
        ...(isRefund && { refundedElsewhere: -amount }),
      });
      expect(stored().history.slice(before.history.length)).toMatchObject(
        isRefund ? [{ to: 'COMPLETED', event: 'PaymentRefundedElsewhere' }] : [],
      );
    },
  );

  it('opens one review for two concurrent comparisons', async () => {
    const { compare, holds, reviews } = anEndedPayment();
    holds(5_000, 2_000);

    const outcomes = await Promise.allSettled([compare(), compare(), compare()]);

    expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(reviews()).toHaveLength(1);
  });

  it.each([
    ['not at the gateway yet', 0],
    ['already at the gateway', 2_500],
  ])('tolerates a pending refund that is %s', async (_case, refunded) => {
    const { compare, holds, put, paid, reviews } = anEndedPayment();
    put(aRefund(paid, { amount: 2_500 }, 'rfd_1').payment);
    holds(5_000, refunded);

    expect(await compare()).toBe('consistent');

    expect(reviews()).toEqual([]);
  });

  it('tolerates a refund requested and paid during the inquiry', async () => {
    const { compare, holds, put, paid, reviews, world } = anEndedPayment();
    world.duringInquiry = () => {
      put(applyRefundSuccess(aRefund(paid, { amount: 2_500 }, 'rfd_1'), refundSuccess).payment);
      holds(5_000, 2_500);
    };

    expect(await compare()).toBe('consistent');

    expect(reviews()).toEqual([]);
  });

  it('waits for a limited time for the gateway to show the last refund', async () => {
    const { compare, holds, put, paid, reviews, world } = anEndedPayment();
    put(applyRefundSuccess(aRefund(paid, { amount: 2_500 }, 'rfd_1'), refundSuccess).payment);
    holds(5_000, 0);
    world.now = new Date(refundSuccess.at.getTime() + windowMs - 1);

    await expect(compare()).rejects.toThrow('may not show');
    expect(reviews()).toEqual([]);
    world.now = new Date(refundSuccess.at.getTime() + windowMs);

    expect(await compare()).toBe('review-opened');
  });

  it('opens a review if a succeeded refund failed later at the gateway', async () => {
    const { compare, holds, put, paid, reviews } = anEndedPayment();
    put(applyRefundSuccess(aRefund(paid, { amount: 2_500 }, 'rfd_1'), refundSuccess).payment);
    holds(5_000, 2_500);
    expect(await compare()).toBe('consistent');
    holds(5_000, 0);

    expect(await compare()).toBe('review-opened');

    expect(reviews()).toMatchObject([
      { difference: { captured: 5_000, refunded: 0, booked: 2_500, amount: 2_500 } },
    ]);
  });

  it('opens a review if the gateway still holds a reversed payment', async () => {
    const { compare, holds, reviews } = anEndedPayment({ status: 'REVERSED' });
    holds(5_000, 5_000);
    expect(await compare()).toBe('consistent');
    holds(5_000, 4_000);

    expect(await compare()).toBe('review-opened');

    expect(reviews()).toMatchObject([{ difference: { amount: 1_000 } }]);
  });

  it('closes the review on agreement and opens another for the next difference', async () => {
    const { compare, holds, reviews, id } = anEndedPayment();
    holds(5_000, 2_000);
    await compare();
    holds(5_000, 0);

    expect([await compare(), await compare()]).toEqual(['consistent-again', 'consistent']);
    expect(reviews()).toMatchObject([
      {
        status: 'RESOLVED',
        decision: 'completed',
        reconciledAt: later(3_600).toISOString(),
        audit: [{ by: 'inquire-payment' }],
      },
    ]);
    holds(5_000, 2_000);

    expect(await compare()).toBe('review-opened');
    expect(reviews().map(({ reviewId }) => reviewId)).toEqual([id(1), id(2)]);
  });

  it('replaces an open review if the difference changes', async () => {
    const { compare, holds, reviews } = anEndedPayment();
    holds(5_000, 2_000);
    await compare();
    holds(5_000, 3_000);

    expect(await compare()).toBe('review-opened');

    expect(reviews()).toMatchObject([
      { status: 'RESOLVED' },
      { status: 'OPEN', difference: { amount: -3_000 } },
    ]);
  });

  it.each([
    ['not sent', { outcome: 'not-sent', reason: '401', cause: 'credentials' }],
    ['ambiguous', { outcome: 'ambiguous', reason: 'timeout' }],
    ['in progress', { outcome: 'in-progress' }],
    ['that it waits for the buyer', { outcome: 'requires-action', url: 'https://bank.example/' }],
  ] as const)('compares again later if the answer is %s', async (_case, answer) => {
    const { compare, gateway, reviews } = anEndedPayment();
    gateway.says({ inquire: answer });

    await expect(compare()).rejects.toThrow('comparison: ');

    expect(reviews()).toEqual([]);
  });

  it.each([
    ['knows no such charge', { outcome: 'not-found' }, 'not found'],
    [
      'reports a decline',
      { outcome: 'declined', code: 'canceled', reason: 'no', buyerCode: 'insufficient-funds' },
      'declined: canceled',
    ],
    [
      'holds another currency',
      {
        outcome: 'mismatch',
        transactionId: 't',
        differences: ['currency: expected KRW, got USD'],
        captured: 5_000,
        refunded: 0,
      },
      'currency: expected KRW, got USD',
    ],
  ] as const)('opens a review if the gateway %s', async (_case, answer, detail) => {
    const { compare, gateway, reviews } = anEndedPayment();
    gateway.says({ inquire: answer });

    expect(await compare()).toBe('review-opened');

    expect(reviews()).toMatchObject([{ difference: { captured: 0, amount: -5_000, detail } }]);
  });
});
