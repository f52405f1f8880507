import { afterEach, describe, expect, it } from 'vitest';
import { sweepPayments } from '../../../../functions/sweep-payments/handler.ts';
import { recoverPayment } from '../../../../functions/sweep-payments/recover-payment.ts';
import type { SweepSource } from '../../../../functions/sweep-payments/sweep-shard.ts';
import { createReviewUnbuiltEvent } from '../../../../shared/application/events/review-unbuilt-event.ts';
import { finishCompensation } from '../../../../shared/domain/compensation/compensation.ts';
import type { DomainEvent } from '../../../../shared/domain/events/domain-event.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import {
  transitionPayment,
  withCancelRequest,
} from '../../../../shared/domain/payments/payment-transitions.ts';
import type { Review } from '../../../../shared/domain/reviews/review.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { flushMetrics } from '../../../../shared/observability/metrics.ts';
import { createDueIndex } from '../../../../shared/persistence/due-index.ts';
import { createPaymentRepository } from '../../../../shared/persistence/payment-repository.ts';
import { createReviewRepository } from '../../../../shared/persistence/review-repository.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import { captureMetrics } from '../../../support/capture-metrics.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';

const { holdExpiryMs, sweepGraceMs } = timings.local;
const later = (ms: number) => new Date(noon.getTime() + ms);
const failure = { code: 'not-charged', reason: 'no' };

/** A store of these payments, and a sweep over all of them at a time. */
const createSweep = (at: Date, ...stored: readonly Payment[]) => {
  const tables = new MemoryDynamo({ Payments: ['paymentId'], Reviews: ['reviewId'] });
  for (const payment of stored) tables.put('Payments', payment);
  const published: DomainEvent[] = [];
  let spentMs = 0;
  const world = {
    pageMs: 0,
    remainingMs: 55_000,
    published,
    publish: async (event: DomainEvent) => published.push(event),
  };
  const source: SweepSource = {
    index: {
      ...createDueIndex(tables.client, 'Payments', 'paymentId'),
      async *pagesOfShard(shard, _time, pageSize) {
        const ids = tables
          .items<Payment>('Payments')
          .filter(({ dueShard = '0' }) => dueShard === shard)
          .sort(({ dueAt: one = '' }, { dueAt: other = '' }) => one.localeCompare(other))
          .map(({ paymentId }) => paymentId);
        for (let from = 0; from < ids.length; from += pageSize) {
          spentMs += world.pageMs;
          yield ids.slice(from, from + pageSize);
        }
      },
    },
    recoverAt: (now) =>
      recoverPayment(
        {
          payments: createPaymentRepository(tables.client, 'Payments'),
          review: createReviewUnbuiltEvent(createReviewRepository(tables.client, 'Reviews')),
          publish: (event) => world.publish(event),
          timings: timings.local,
        },
        now,
      ),
  };
  const work = sweepPayments({
    sources: [source],
    clock: { now: () => new Date(at.getTime() + spentMs) },
    timings: timings.local,
  });
  const sweep = () => {
    spentMs = 0;

    return work({ remainingMs: world.remainingMs });
  };

  return {
    world,
    sweep,
    stored: () => tables.items<Payment>('Payments'),
    reviews: () => tables.items<Review>('Reviews'),
  };
};

const due = (payment: Payment, at: Date): Payment => ({
  ...payment,
  dueShard: '0',
  dueAt: at.toISOString(),
});

const unknown = () => due(afterTransitions(aPayment(), 'claimed', 'outcomeUnknown'), noon);
const lateChecked = () => {
  const failed = transitionPayment(
    afterTransitions(aPayment(), 'claimed', 'outcomeUnknown'),
    'declined',
    {
      at: later(3_000),
      by: 'test',
      change: { failure, lateCaptureCheck: { count: 0, nextAt: noon.toISOString() } },
    },
  );

  return finishCompensation(failed, [], later(4_000));
};

const hinted = { hintedAt: noon.toISOString() };

afterEach(() => flushMetrics());

describe('sweep payments', () => {
  it.each<[string, () => Payment, string, number]>([
    ['RESERVED: its charge was never requested', () => due(aPayment(), noon), 'PaymentReserved', 1],
    [
      'UNKNOWN: its inquiry was lost, or too far away for a message',
      unknown,
      'PaymentOutcomeUnknown',
      3,
    ],
    [
      'FAILED: its compensation did not end',
      () => due(afterTransitions(aPayment(), 'claimed', 'declined'), noon),
      'PaymentFailed',
      3,
    ],
    ['COMPENSATED: its late capture check is due', lateChecked, 'PaymentOutcomeUnknown', 3],
    [
      'COMPLETED and cancelled by its buyer, but not refunded',
      () =>
        due(
          withCancelRequest(
            afterTransitions(aPayment(), 'claimed', 'captured'),
            noon.toISOString(),
          ),
          noon,
        ),
      'PaymentCompleted',
      3,
    ],
    [
      'IN_REVIEW without a review: its event was lost',
      () => due(afterTransitions(aPayment(), 'claimed', 'reviewOpened'), noon),
      'PaymentReviewOpened',
      3,
    ],
    [
      'COMPENSATED with a hint since its decline',
      () =>
        due(
          { ...afterTransitions(aPayment(), 'claimed', 'declined', 'compensated'), ...hinted },
          noon,
        ),
      'PaymentOutcomeUnknown',
      2,
    ],
    [
      'LATE_CAPTURED: its refund is due',
      () => due(afterTransitions(lateChecked(), 'lateCaptured'), noon),
      'PaymentLateCaptured',
      6,
    ],
    [
      'LATE_CAPTURED, and was never unknown: the PG had declined it',
      () =>
        due(
          afterTransitions(aPayment(), 'claimed', 'declined', 'compensated', 'lateCaptured'),
          noon,
        ),
      'PaymentLateCaptured',
      5,
    ],
  ])('replays the event of a payment that is %s', async (_state, made, name, version) => {
    const payment = made();
    const at = later(sweepGraceMs);
    const { world, sweep, stored } = createSweep(at, payment);

    expect(await sweep()).toMatchObject({ found: { [payment.status]: 1 }, faults: [] });

    expect(world.published).toMatchObject([{ name, id: `${payment.paymentId}-${version}` }]);
    expect(stored()).toEqual([{ ...payment, dueAt: at.toISOString() }]);
  });

  it('requests a pending comparison and does not count it as stuck', async () => {
    const payment = due(
      { ...afterTransitions(aPayment(), 'claimed', 'captured'), ...hinted },
      noon,
    );
    const { world, sweep } = createSweep(later(sweepGraceMs), { ...payment, attempt: 1 });

    expect(await sweep()).toMatchObject({ found: { NOT_COMPARED: 1 }, overdue: 0, faults: [] });

    expect(world.published).toMatchObject([
      { name: 'PaymentOutcomeUnknown', id: `${payment.paymentId}-2` },
    ]);
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
    async (_state, made, version) => {
      const bad = { ...made(), amount: 2_999.5 };
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

  it('releases a reservation whose hold expired before it was claimed', async () => {
    const metrics = captureMetrics();
    const { sweep, stored } = createSweep(later(holdExpiryMs), due(aPayment(), noon));

    expect(await sweep()).toMatchObject({ overdue: 1 });
    flushMetrics();

    expect(metrics).toEqual([{ withinObjective: 'false', TimeToFinalStatus: holdExpiryMs }]);

    expect(stored()).toMatchObject([
      {
        status: 'FAILED',
        failure: { code: 'hold-expired', evidence: expect.stringContaining('nothing was sent') },
      },
    ]);
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
    const { world, sweep, stored } = createSweep(later(sweepGraceMs), claimed);

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
  ])('does not change a payment %s', async (_state, made) => {
    const payment = made();
    const { world, sweep, stored } = createSweep(later(sweepGraceMs), payment);

    expect(await sweep()).toMatchObject({ found: { 'already-handled': 1 }, overdue: 0 });

    expect(stored()).toEqual([payment]);
    expect(world.published).toEqual([]);
  });

  it('publishes once for each payment in three concurrent runs', async () => {
    const { world, sweep } = createSweep(later(sweepGraceMs), unknown(), due(aPayment(), noon));

    await Promise.all([sweep(), sweep(), sweep()]);

    expect(world.published.map(({ name }) => name).sort()).toEqual([
      'PaymentOutcomeUnknown',
      'PaymentReserved',
    ]);
  });

  it('recovers the others if one fails, and retries that one later', async () => {
    const [broken, other] = [unknown(), unknown()];
    const { world, sweep, stored } = createSweep(later(sweepGraceMs), broken, other);
    const { publish } = world;
    world.publish = async (event) => {
      if (event.subject === broken.paymentId) throw new Error('the bus is down');

      return publish(event);
    };

    expect(await sweep()).toEqual({
      found: { failed: 1, UNKNOWN: 1 },
      overdue: 1,
      left: 0,
      faults: ['Error: the bus is down'],
    });

    expect(world.published).toHaveLength(1);
    expect(stored().every(({ dueAt }) => dueAt !== undefined)).toBe(true);
  });

  it('reaches payments behind many that cannot be recovered', async () => {
    const unreadable = Array.from({ length: 60 }, () => ({ ...unknown(), history: [] }));
    const { world, sweep } = createSweep(later(sweepGraceMs), ...unreadable, unknown());

    expect(await sweep()).toMatchObject({ found: { EVENT_NOT_BUILT: 60, UNKNOWN: 1 } });

    expect(world.published).toHaveLength(1);
  });

  it.each<[string, object]>([
    ['in an unknown status', { status: 'NO_SUCH_STATE' }],
    ['with an invalid due time', { status: 'NO_SUCH_STATE', dueAt: '0' }],
  ])('gets past any number of payments %s', async (_which, broken) => {
    const many = Array.from({ length: 300 }, () => ({ ...unknown(), ...broken }) as Payment);
    const { world, sweep } = createSweep(later(sweepGraceMs), ...many, unknown());

    expect(await sweep()).toMatchObject({ found: { failed: 300, UNKNOWN: 1 }, left: 0 });

    expect(world.published).toHaveLength(1);
  });

  it('stops shortly before its timeout and counts the payments that remain', async () => {
    const many = Array.from({ length: 3_000 }, unknown);
    const { world, sweep } = createSweep(later(sweepGraceMs), ...many);
    world.pageMs = 500;

    // Of its 55 s it keeps 10 for the end: it begins pages for 45.
    expect(await sweep()).toMatchObject({ found: { UNKNOWN: 89 * 25 }, left: 25 });
    expect(await sweep()).toMatchObject({ found: { UNKNOWN: 3_000 - 89 * 25 } });

    expect(new Set(world.published.map(({ subject }) => subject)).size).toBe(3_000);
  });

  it('starts nothing if its time is nearly over', async () => {
    const { world, sweep, stored } = createSweep(later(sweepGraceMs), unknown());
    const before = stored();
    world.remainingMs = 9_000;

    expect(await sweep()).toMatchObject({ found: {}, left: 1 });
    expect(stored()).toEqual(before);
  });

  it('sweeps the shards independently', async () => {
    const long = Array.from({ length: 1_000 }, unknown);
    const short = { ...unknown(), dueShard: '3' };
    const { world, sweep } = createSweep(later(sweepGraceMs), ...long, short);
    Object.assign(world, { pageMs: 1_000, remainingMs: 15_000 });

    expect(await sweep()).toMatchObject({ left: 25 });

    expect(world.published.map(({ subject }) => subject)).toContain(short.paymentId);
  });

  it('continues past any number of payments without history and reviews each', async () => {
    const many = Array.from({ length: 300 }, () => ({ ...unknown(), history: undefined }));
    const payments = many as unknown as Payment[];
    const { world, sweep, reviews } = createSweep(later(sweepGraceMs), ...payments, unknown());

    expect((await sweep()).found).toEqual({ EVENT_NOT_BUILT: 300, UNKNOWN: 1 });

    expect(reviews()).toHaveLength(300);
    expect(world.published).toHaveLength(1);
  });
});
