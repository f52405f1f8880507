import { describe, expect, it } from 'vitest';
import {
  createFailRefund,
  createSettleRefund,
} from '../../../../shared/application/refunds/settle-refund.ts';
import { applyRefundSuccess } from '../../../../shared/domain/refunds/refund-settlement.ts';
import {
  aRefund,
  refundFailure,
  refundSuccess,
} from '../../../support/builders/refund-generators.ts';
import { anEndedPayment } from '../difference-harness.ts';

describe('compare with gateway during a pending refund', () => {
  /** One refund is pending and another one is settled. The payment is compared every minute. */
  const pending = (amount: number, booked = 0) => {
    const ended = anEndedPayment();
    const { paid } = ended;
    const first =
      booked > 0 && applyRefundSuccess(aRefund(paid, { amount: booked }, 'rfd_1'), refundSuccess);
    const { refund, payment } = aRefund(
      { order: paid.order, payment: first ? first.payment : paid.payment },
      { amount },
      'rfd_2',
    );
    ended.put(payment);
    ended.tables.put('Refunds', refund);

    return {
      ...ended,
      fails: () => createFailRefund(ended.stores)(refund, refundFailure),
      succeeds: () => createSettleRefund(ended.stores)(refund, refundSuccess),
      compareLater: () => {
        ended.world.now = new Date(ended.world.now.getTime() + 60_000);

        return ended.compare();
      },
    };
  };

  it('compares again when the refund is declined, and finds an external refund', async () => {
    const { holds, compareLater, fails, stored, reviews } = pending(5_000);
    holds(5_000, 2_000);
    expect([await compareLater(), await compareLater()]).toEqual(['consistent', 'consistent']);
    expect(stored()).not.toHaveProperty('dueAt');

    expect(await fails()).toMatchObject({ status: 'FAILED' });

    expect(stored()).toMatchObject({ dueAt: expect.any(String), dueShard: expect.any(String) });
    expect(await compareLater()).toBe('review-opened');
    expect(reviews()).toMatchObject([{ difference: { amount: -2_000, pending: 0 } }]);
    expect(stored()).not.toHaveProperty('dueAt');
    expect(stored()).not.toHaveProperty('dueShard');
    expect(await compareLater()).toBe('known-difference');
    expect(stored()).not.toHaveProperty('dueAt');
  });

  it('compares again when the refund is paid, and finds a hidden difference', async () => {
    const { holds, compareLater, succeeds, stored, reviews } = pending(2_500, 2_500);
    holds(5_000, 2_500);
    expect(await compareLater()).toBe('consistent');

    expect(await succeeds()).toMatchObject({ status: 'SUCCEEDED' });

    expect(stored()).toHaveProperty('dueAt');
    expect(await compareLater()).toBe('review-opened');
    expect(reviews()).toMatchObject([{ difference: { booked: 5_000, amount: 2_500 } }]);
    expect(stored()).not.toHaveProperty('dueAt');
  });

  it('compares again after a difference, which may have grown', async () => {
    const { holds, compareLater, fails, reviews } = pending(2_000);
    holds(5_000, 3_000);
    expect(await compareLater()).toBe('review-opened');
    await fails();

    expect(await compareLater()).toBe('review-opened');

    expect(reviews()).toMatchObject([
      { status: 'RESOLVED', difference: { amount: -1_000 } },
      { status: 'OPEN', difference: { amount: -3_000 } },
    ]);
  });

  it('compares when the refund is declined, even if it did not before', async () => {
    const { holds, compareLater, fails, stored } = pending(5_000);
    holds(5_000, 0);
    await fails();
    expect(stored()).toMatchObject({ hintedAt: refundFailure.at.toISOString() });
    expect(stored()).toHaveProperty('dueAt');

    expect(await compareLater()).toBe('consistent');

    expect(stored()).not.toHaveProperty('dueAt');
  });

  it('does not compare when the refund is paid without a hint', async () => {
    const { succeeds, stored } = pending(5_000);
    await succeeds();

    expect(stored()).not.toHaveProperty('hintedAt');
    expect(stored()).not.toHaveProperty('dueAt');
  });

  it('is due immediately, once, if the refund ends during the inquiry', async () => {
    const { world, holds, compareLater, stored, put } = pending(2_500);
    const settled = applyRefundSuccess(
      { payment: stored(), refund: aRefund(anEndedPayment().paid, { amount: 2_500 }).refund },
      refundSuccess,
    );
    holds(5_000, 2_500);
    world.duringInquiry = () => put(settled.payment);
    expect(await compareLater()).toBe('consistent');
    expect(stored()).toHaveProperty('dueAt');
    world.duringInquiry = () => {};

    expect(await compareLater()).toBe('consistent');

    expect(stored()).not.toHaveProperty('dueAt');
  });

  it('keeps the comparison due against an older read of the payment', async () => {
    const { holds, compareLater, stored, stores } = pending(5_000);
    const before = stored();
    holds(5_000, 2_000);
    await compareLater();
    const after = { ...before, version: before.version + 1, refundPending: 0 };

    expect(await stores.payments.tryUpdate(before, after)).toBe(false);
  });
});
