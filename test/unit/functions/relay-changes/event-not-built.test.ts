import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { deriveEventReviewId } from '../../../../shared/domain/ids.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import type { Review } from '../../../../shared/domain/reviews/review.ts';
import { anOrder, aPayment, noon } from '../../../support/builders/builders.ts';
import { aPaidOrder, aRefund } from '../../../support/builders/refund-generators.ts';
import { aStreamRecord } from '../../../support/builders/stream-records.ts';
import { captureMetrics } from '../../../support/capture-metrics.ts';
import {
  acceptExcept,
  bus,
  numberOf,
  openOnce,
  quarantine,
  relay,
  restart,
  sent,
  tables,
} from './harness.ts';

const reviews = () => tables.items<Review>('Reviews');

beforeEach(() => {
  bus.reset();
  restart();
  quarantine.mockReset();
  openOnce.mockClear();
  acceptExcept();
});

describe('outbox relay with an event that cannot be built', () => {
  const failure = { code: 'declined', reason: 'no', evidence: 'seen' };
  const unreadable = (id: string, bad: object): Payment =>
    ({ ...aPayment({ paymentId: id }), ...bad }) as Payment;
  const inserted = (after: object) => aStreamRecord('Payments', { after });

  it.each([
    ['amount', { amount: 2_999.5 }, 3_000, 'KRW'],
    ['amount', { amount: -9_000 }, 9_000, 'KRW'],
    ['amount', { amount: 'much' }, 0, 'KRW'],
    ['amount', { amount: undefined }, 0, 'KRW'],
    ['amount', { amount: '9007199254740993' }, Number.MAX_SAFE_INTEGER, 'KRW'],
    ['currency', { currency: 'euros' }, 5_000, 'XXX'],
    ['orderId', { orderId: 7 }, 5_000, 'KRW'],
    ['updatedAt', { updatedAt: '2026-03-14' }, 5_000, 'KRW'],
    ['status', { status: 'PAID' }, 5_000, 'KRW'],
  ])(
    'opens a review of the payment whose %s is invalid: %j',
    async (field, bad, atRisk, currency) => {
      const payment = unreadable(randomUUID(), bad);

      expect(await relay(inserted(payment))).toEqual({ batchItemFailures: [] });

      expect(sent()).toEqual([]);
      expect(quarantine).toHaveBeenCalledOnce();
      expect(reviews().find(({ paymentId }) => paymentId === payment.paymentId)).toEqual({
        reviewId: deriveEventReviewId(payment.paymentId, 1),
        kind: 'event',
        paymentId: payment.paymentId,
        orderId: typeof payment.orderId === 'string' ? payment.orderId : 'unknown',
        userId: payment.userId,
        version: 1,
        code: 'event-not-built',
        detail: expect.stringContaining(field),
        amountAtRisk: atRisk,
        currency,
        status: 'OPEN',
        openedAt: noon.toISOString(),
        audit: [],
      });
    },
  );

  it('opens and counts one review for any number of deliveries', async () => {
    const metrics = captureMetrics();
    const record = inserted(unreadable('pay_once', { amount: 0.1 }));

    await relay(record);
    await relay(record);

    expect(reviews().filter(({ paymentId }) => paymentId === 'pay_once')).toHaveLength(1);
    expect(metrics.filter((line) => 'EventsNotBuilt' in line)).toHaveLength(1);
  });

  it('opens a review of the refund', async () => {
    const { refund } = aRefund(aPaidOrder(), { amount: 1_000 }, 'rfd_bad');

    await relay(aStreamRecord('Refunds', { after: { ...refund, amount: 999.9 } }));

    expect(reviews().find(({ refundId }) => refundId === 'rfd_bad')).toMatchObject({
      reviewId: deriveEventReviewId('rfd_bad', 1),
      kind: 'event',
      paymentId: refund.paymentId,
      amountAtRisk: 1_000,
    });
  });

  it('opens a review of the payment for an order or points record', async () => {
    const placed = { ...anOrder({ orderId: 'ord_bad' }), activePaymentId: 'pay_order' };
    const earned = {
      userId: 'a',
      entry: 'PAYMENT#pay_points',
      paymentId: 'pay_points',
      points: 0.5,
    };

    await relay(
      aStreamRecord('Orders', {
        before: placed,
        after: { ...placed, status: 'COMPLETED', userId: 1 },
      }),
      aStreamRecord('LoyaltyPoints', { after: { ...earned, version: 1, at: noon.toISOString() } }),
    );

    const kinds = reviews().map(({ paymentId, kind }) => [paymentId, kind]);
    expect(kinds).toContainEqual(['pay_order', 'event']);
    expect(kinds).toContainEqual(['pay_points', 'event']);
  });

  it("opens a second review for the order if its version equals the payment's", async () => {
    const payment = unreadable('pay_both', { amount: 0.1 });
    const placed = { ...anOrder({ orderId: 'ord_both', version: 1 }), activePaymentId: 'pay_both' };
    const paid = { ...placed, status: 'COMPLETED', lines: [] };

    await relay(
      inserted(payment),
      aStreamRecord('Orders', { before: placed, after: { ...paid, userId: 1 } }),
    );

    const details = reviews()
      .filter(({ paymentId }) => paymentId === 'pay_both')
      .map(({ detail }) => detail);
    expect(details).toHaveLength(2);
  });

  it('retries if the review cannot be stored', async () => {
    openOnce.mockRejectedValueOnce(new Error('no table'));
    const record = inserted(unreadable('pay_again', { amount: 0.1 }));

    expect(await relay(record)).toEqual({
      batchItemFailures: [{ itemIdentifier: numberOf(record) }],
    });
    expect(quarantine).not.toHaveBeenCalled();
    expect(await relay(record)).toEqual({ batchItemFailures: [] });
    expect(reviews().some(({ paymentId }) => paymentId === 'pay_again')).toBe(true);
  });

  it('opens no review for a write without an event or an unused field', async () => {
    const bad = unreadable('pay_fine', { amount: 2_999.5 });
    const failed = { ...bad, status: 'FAILED', version: 2, failure };

    await relay(
      aStreamRecord('Payments', { before: bad, after: { ...bad, dueAt: noon.toISOString() } }),
      aStreamRecord('Payments', { before: bad, after: { ...bad, status: 'CHARGING', version: 2 } }),
      aStreamRecord('Payments', { before: bad, after: failed }),
    );

    expect(openOnce).not.toHaveBeenCalled();
    expect(quarantine).not.toHaveBeenCalled();
    expect(sent()).toEqual(['pay_fine-2']);
  });
});
