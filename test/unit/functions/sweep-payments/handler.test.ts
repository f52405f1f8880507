import { afterEach, describe, expect, it } from 'vitest';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { withCancelRequest } from '../../../../shared/domain/payments/payment-transitions.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { flushMetrics } from '../../../../shared/observability/metrics.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import { captureMetrics } from '../../../support/capture-metrics.ts';
import { createSweep, due, hinted, lateChecked, later, unknown } from './harness.ts';

const { holdExpiryMs, sweepGraceMs } = timings.local;

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
      'REQUIRES_ACTION: its buyer did nothing, and the message for its limit was lost',
      () => due(afterTransitions(aPayment(), 'claimed', 'actionRequired'), noon),
      'PaymentOutcomeUnknown',
      2,
    ],
    [
      'FAILED: its compensation did not end',
      () => due(afterTransitions(aPayment(), 'claimed', 'declined'), noon),
      'PaymentFailed',
      3,
    ],
    [
      'FAILED: the workflow of its compensation did not end',
      () => due(afterTransitions(aPayment(), 'claimed', 'declined', 'compensationStarted'), noon),
      'PaymentCompensationStarted',
      4,
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
      'LATE_CAPTURED after a decline, never UNKNOWN',
      () =>
        due(
          afterTransitions(aPayment(), 'claimed', 'declined', 'compensated', 'lateCaptured'),
          noon,
        ),
      'PaymentLateCaptured',
      5,
    ],
  ])('replays the event of a payment that is %s', async (_state, create, name, version) => {
    const payment = create();
    const at = later(sweepGraceMs);
    const { world, sweep, stored } = createSweep(at, payment);

    expect(await sweep()).toMatchObject({ found: { [payment.status]: 1 }, faults: [] });

    expect(world.published).toMatchObject([{ name, id: `${payment.paymentId}-${version}` }]);
    expect(stored()).toEqual([{ ...payment, dueAt: at.toISOString() }]);
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

    // It reserves 10 of its 55 s for the end, so it starts pages for 45 s.
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

  it.each(['2', '63'])(
    'sweeps the others and then fails if shard %s is not readable',
    async (shard) => {
      const others = ['0', '3', '4', '62'].map((dueShard) => ({ ...unknown(), dueShard }));
      const { world, sweep } = createSweep(later(sweepGraceMs), ...others);
      world.unreadable = shard;

      await expect(sweep()).rejects.toThrow('throttled');

      expect(world.published).toHaveLength(others.length);
    },
  );

  it('continues past any number of payments without history and reviews each', async () => {
    const many = Array.from({ length: 300 }, () => ({ ...unknown(), history: undefined }));
    const payments = many as unknown as Payment[];
    const { world, sweep, reviews } = createSweep(later(sweepGraceMs), ...payments, unknown());

    expect((await sweep()).found).toEqual({ EVENT_NOT_BUILT: 300, UNKNOWN: 1 });

    expect(reviews()).toHaveLength(300);
    expect(world.published).toHaveLength(1);
  });
});
