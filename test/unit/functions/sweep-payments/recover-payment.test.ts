import { afterEach, describe, expect, it } from 'vitest';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { transitionPayment } from '../../../../shared/domain/payments/payment-transitions.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { flushMetrics } from '../../../../shared/observability/metrics.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import { aWaitingPayment } from '../../../support/builders/waiting-payment.ts';
import { createSweep, due, hinted, lateChecked, later, unknown } from './harness.ts';

const { holdExpiryMs, sweepGraceMs } = timings.local;

afterEach(() => flushMetrics());

describe('recover payment', () => {
  it('requests a pending comparison and does not count it as stuck', async () => {
    const payment = due(
      { ...afterTransitions(aPayment(), 'claimed', 'captured'), ...hinted },
      noon,
    );
    const { world, sweep } = createSweep(later(sweepGraceMs), { ...payment, attempt: 1 });

    expect(await sweep()).toMatchObject({
      found: { COMPARISON_PENDING: 1 },
      overdue: 0,
      faults: [],
    });

    expect(world.published).toMatchObject([
      { name: 'PaymentOutcomeUnknown', id: `${payment.paymentId}-2` },
    ]);
  });

  it('requests the comparison of a reversed payment', async () => {
    const reversed = afterTransitions(lateChecked(), 'lateCaptured', 'reversed');
    const { world, sweep } = createSweep(later(sweepGraceMs), {
      ...due({ ...reversed, ...hinted }, noon),
      attempt: 1,
    });

    expect(await sweep()).toMatchObject({ found: { COMPARISON_PENDING: 1 }, overdue: 0 });
    expect(world.published).toMatchObject([{ name: 'PaymentOutcomeUnknown' }]);
  });

  it.each<[string, Partial<Payment>]>([
    ['was compared in the meantime', { lastInquiredAt: later(1).toISOString() }],
    ['has a pending refund again', { refundPending: 1 }],
  ])('removes a completed payment from the index if it %s', async (_what, change) => {
    const payment = due(
      { ...afterTransitions(aPayment(), 'claimed', 'captured'), ...hinted },
      noon,
    );
    const { world, sweep, stored } = createSweep(later(sweepGraceMs), {
      ...payment,
      attempt: 1,
      ...change,
    });

    expect(await sweep()).toMatchObject({ found: { 'already-handled': 1 }, faults: [] });

    expect(world.published).toEqual([]);
    expect(stored()[0]).not.toHaveProperty('dueAt');
    expect(stored()[0]).not.toHaveProperty('dueShard');
  });

  it('releases a payment whose buyer provided no payment method in time', async () => {
    const waiting = aWaitingPayment();
    const early = createSweep(later(holdExpiryMs), waiting);
    expect(await early.sweep()).toMatchObject({ found: { 'already-handled': 1 } });
    expect(early.stored()).toEqual([waiting]);

    const { sweep, stored } = createSweep(later(holdExpiryMs + sweepGraceMs), waiting);

    expect(await sweep()).toMatchObject({ found: { REQUIRES_METHOD: 1 }, overdue: 0, faults: [] });
    expect(stored()).toMatchObject([
      { status: 'FAILED', failure: { code: 'not-confirmed-in-time' } },
    ]);
  });

  it.each<[string, () => Payment, number]>([
    ['UNKNOWN', unknown, 3],
    [
      'IN_REVIEW without a review',
      () => due(afterTransitions(aPayment(), 'claimed', 'reviewOpened'), noon),
      3,
    ],
    ['LATE_CAPTURED', () => due(afterTransitions(lateChecked(), 'lateCaptured'), noon), 6],
  ])(
    'opens one review for a payment in %s whose event cannot be built',
    async (_state, create, version) => {
      const bad = { ...create(), amount: 2_999.5 };
      const { world, sweep, stored, reviews } = createSweep(later(sweepGraceMs), bad);

      expect(await sweep()).toMatchObject({
        found: { EVENT_NOT_BUILT: 1 },
        overdue: 0,
        faults: [],
      });
      expect(await sweep()).toMatchObject({ found: { 'already-handled': 1 }, faults: [] });

      expect(world.published).toEqual([]);
      expect(reviews()).toMatchObject([
        { kind: 'event', paymentId: bad.paymentId, version, amountAtRisk: 3_000, status: 'OPEN' },
      ]);
      const { dueAt, dueShard, ...rest } = bad;
      expect(stored()).toEqual([rest]);
    },
  );

  it('reviews a reservation whose event cannot be built and releases it later', async () => {
    const bad = due(aPayment({ amount: 2_999.5 }), noon);
    const early = createSweep(later(sweepGraceMs), bad);

    expect(await early.sweep()).toMatchObject({ found: { EVENT_NOT_BUILT: 1 } });

    const [kept] = early.stored();
    expect(kept).toEqual({ ...bad, dueAt: later(holdExpiryMs).toISOString() });
    expect(early.reviews()).toHaveLength(1);
    const { sweep, stored } = createSweep(later(holdExpiryMs + sweepGraceMs), kept as Payment);
    expect(await sweep()).toMatchObject({ found: { RESERVED: 1 }, faults: [] });
    expect(stored()).toMatchObject([{ status: 'FAILED', failure: { code: 'hold-expired' } }]);
  });

  it('replays a failure of an invalid amount, which its event does not carry', async () => {
    const failed = due(
      { ...afterTransitions(aPayment(), 'claimed', 'declined'), amount: 2_999.5 },
      noon,
    );
    const { world, sweep, reviews } = createSweep(later(sweepGraceMs), failed);

    expect(await sweep()).toMatchObject({ found: { FAILED: 1 } });

    expect(world.published).toMatchObject([{ name: 'PaymentFailed' }]);
    expect(reviews()).toEqual([]);
  });

  it('releases a reservation that its buyer cancelled in flight immediately', async () => {
    const cancelled = { ...due(aPayment(), noon), cancelRequestedAt: noon.toISOString() };
    const { world, sweep, stored } = createSweep(later(sweepGraceMs), cancelled);

    await sweep();

    expect(stored()).toMatchObject([{ status: 'FAILED', failure: { code: 'cancelled-by-buyer' } }]);
    expect(world.published).toEqual([]);
  });

  it('moves an expired claim to UNKNOWN', async () => {
    const claimed = transitionPayment(aPayment(), 'claimed', {
      at: noon,
      by: 'test',
      change: { attempt: 1, claimExpiresAt: later(5_000).toISOString() },
    });
    const { world, sweep, stored } = createSweep(later(5_000 + sweepGraceMs), claimed);

    await sweep();

    expect(stored()).toMatchObject([{ status: 'UNKNOWN', attempt: 1 }]);
    expect(world.published).toEqual([]);
  });

  it.each<[string, () => Payment]>([
    ['that is not overdue yet', () => due(aPayment(), later(1))],
    [
      'that is final and still in the index',
      () => afterTransitions(aPayment(), 'claimed', 'captured'),
    ],
    [
      'that is under review',
      () => {
        const { dueAt, dueShard, ...listed } = afterTransitions(
          aPayment(),
          'claimed',
          'reviewOpened',
        );

        return listed;
      },
    ],
    [
      'whose claim lease is active',
      () =>
        due(
          transitionPayment(aPayment(), 'claimed', {
            at: noon,
            by: 'test',
            change: { claimExpiresAt: later(sweepGraceMs + 1).toISOString() },
          }),
          noon,
        ),
    ],
  ])('does not change a payment %s', async (_state, create) => {
    const payment = create();
    const { world, sweep, stored } = createSweep(later(sweepGraceMs), payment);

    expect(await sweep()).toMatchObject({ found: { 'already-handled': 1 }, overdue: 0 });

    expect(stored()).toEqual([payment]);
    expect(world.published).toEqual([]);
  });
});
