import { beforeEach, describe, expect, it } from 'vitest';
import { chargePayment } from '../../../functions/charge-payment/handler.ts';
import type { Settled } from '../../../shared/data/settle.ts';
import type { Evidence, Payment } from '../../../shared/domain/payment.ts';
import { timings } from '../../../shared/domain/timings.ts';
import type { ChargeOutcome, ChargeRequest } from '../../../shared/pg/port.ts';
import { outcomeRecorder } from '../../../shared/runtime/outcome.ts';
import { Postponed } from '../../../shared/runtime/queue-handler.ts';
import { anOrder, aPayment, noon } from '../../support/builders.ts';

const approved = {
  outcome: 'approved',
  transactionId: 'tx',
  approvedAt: noon.toISOString(),
} as const;

/** A store of one payment that honours versions, a PG with a script, and the charger between them. */
const aCharger = (stored: Payment | undefined, ...script: readonly ChargeOutcome[]) => {
  const world = {
    stored,
    charges: [] as ChargeRequest[],
    now: new Date(noon),
    settles: 'settled' as Settled,
    noted: [] as Evidence[],
    whileCharging: () => {},
    isLeftAlone: false,
  };
  const existing = async (paymentId: string) => {
    if (world.stored === undefined) throw new Error(`There is no payment ${paymentId}.`);

    return world.stored;
  };
  const moved = async (before: Payment, after: Payment) => {
    if (world.stored?.version !== before.version) return false;
    world.stored = after;

    return true;
  };
  const note = async (_payment: Payment, seen: Evidence) => world.noted.push(seen) > 0;
  const clock = { now: () => world.now };
  const charge = chargePayment({
    payments: { existing, moved },
    gateway: {
      charge: async (request) => {
        const outcome = script[world.charges.length] ?? approved;
        world.charges.push(request);
        world.whileCharging();

        return outcome;
      },
    },
    breaker: async (work) => (world.isLeftAlone ? undefined : work()),
    record: outcomeRecorder({
      payments: { moved, note },
      settle: async (before, after) => {
        if (world.settles !== 'settled') return world.settles;

        return (await moved(before, after)) ? 'settled' : 'superseded';
      },
      clock,
      by: 'charge-payment',
    }),
    clock,
    timings: timings.local,
  });

  return { world, charge: () => charge('pay_1') };
};

const states = (payment: Payment | undefined) => payment?.history.map(({ to }) => to);

let reserved: Payment;
beforeEach(() => {
  reserved = aPayment();
});

describe('the charger', () => {
  it('claims before it calls, and books what was approved', async () => {
    const { world, charge } = aCharger(reserved);
    let seenByPg: string | undefined;
    world.whileCharging = () => {
      seenByPg = world.stored?.status;
    };

    expect(await charge()).toMatchObject({ outcome: 'COMPLETED', attempt: 1 });

    expect(seenByPg).toBe('CHARGING');
    expect(world.stored).toMatchObject({ status: 'COMPLETED', pg: { transactionId: 'tx' } });
    expect(world.charges).toEqual([
      {
        key: `chg:${reserved.paymentId}:1`,
        reference: reserved.paymentId,
        amount: reserved.amount,
        currency: 'KRW',
        paymentMethod: 'sim_approve',
      },
    ]);
  });

  it('gives up a payment that came back unsent after its buyer asked to cancel it', async () => {
    const cancelled = { ...reserved, attempt: 1, cancelRequestedAt: noon.toISOString() };
    const { world, charge } = aCharger(cancelled);

    expect(await charge()).toMatchObject({ outcome: 'FAILED' });

    expect(world.charges).toEqual([]);
    expect(world.stored).toMatchObject({
      failure: { code: 'cancelled-by-buyer', evidence: expect.stringContaining('attempt 1') },
    });
  });

  it.each<[string, ChargeOutcome, object]>([
    [
      'fails on a documented refusal, with its evidence',
      { outcome: 'declined', code: 'insufficient_funds', reason: 'no funds' },
      {
        status: 'FAILED',
        failure: { code: 'insufficient_funds', evidence: expect.stringContaining('attempt 1') },
      },
    ],
    [
      'stays unknown on an ambiguous answer',
      { outcome: 'ambiguous', reason: 'timeout' },
      { status: 'UNKNOWN' },
    ],
    ['stays unknown while the PG is at it', { outcome: 'in-progress' }, { status: 'UNKNOWN' }],
    [
      'goes to review where the PG approved something else',
      { outcome: 'mismatch', transactionId: 'tx', differences: ['amount'] },
      { status: 'IN_REVIEW', failure: { code: 'pg-mismatch' } },
    ],
  ])('%s', async (_case, outcome, expected) => {
    const { world, charge } = aCharger(reserved, outcome);

    await charge();

    expect(world.stored).toMatchObject(expected);
    expect(world.stored?.history.at(-1)?.asked).toEqual([
      { operation: 'charge', outcome: outcome.outcome, tookMs: expect.any(Number) },
    ]);
    expect(world.stored?.reservation).toEqual(reserved.reservation);
  });

  it('asks when to inquire first after an unknown outcome', async () => {
    const { world, charge } = aCharger(reserved, { outcome: 'ambiguous', reason: 'timeout' });

    await charge();

    expect(world.stored?.dueAt).toBe('2026-03-14T12:00:01.000Z');
  });

  it('tries again under the same key where provably nothing was sent', async () => {
    const { world, charge } = aCharger(reserved, { outcome: 'not-sent', reason: 'refused' });

    await expect(charge()).rejects.toBeInstanceOf(Postponed);
    await charge();

    expect(states(world.stored)).toEqual([
      'RESERVED',
      'CHARGING',
      'RESERVED',
      'CHARGING',
      'COMPLETED',
    ]);
    expect(new Set(world.charges.map(({ key }) => key)).size).toBe(1);
  });

  it('waits ever longer for a PG that takes nothing, and is not overdue while it waits', async () => {
    const unsent = { outcome: 'not-sent', reason: 'refused' } as const;
    const { world, charge } = aCharger(reserved, unsent, unsent, unsent);
    const waits: number[] = [];

    for (const age of [0, 20_000, 200_000]) {
      world.now = new Date(noon.getTime() + age);
      waits.push((await charge().catch((error: Postponed) => error.afterMs)) as number);
    }

    expect(waits).toEqual([1_000, 10_000, 10_000]);
    expect(world.stored).toMatchObject({
      status: 'RESERVED',
      dueAt: new Date(noon.getTime() + 210_000).toISOString(),
    });
  });

  it('puts off the end of its hold by no try', async () => {
    const { world, charge } = aCharger(reserved, { outcome: 'not-sent', reason: 'refused' });
    const { holdMs } = timings.local;
    world.now = new Date(noon.getTime() + holdMs - 1_000);

    await expect(charge()).rejects.toBeInstanceOf(Postponed);

    expect(world.stored?.dueAt).toBe(new Date(noon.getTime() + holdMs).toISOString());
  });

  it('claims nothing and writes nothing while the PG is left alone, and waits as long as after a refusal', async () => {
    const { world, charge } = aCharger(reserved);
    world.isLeftAlone = true;
    world.now = new Date(noon.getTime() + 8_000);

    await expect(charge()).rejects.toMatchObject({ name: 'Postponed', afterMs: 4_000 });

    expect(world.stored).toBe(reserved);
    expect(world.charges).toEqual([]);
  });

  it('completes what its coupon covers, even while the PG is left alone', async () => {
    const { world, charge } = aCharger(aPayment({ order: anOrder({ discount: 5_000 }) }));
    world.isLeftAlone = true;

    expect(await charge()).toMatchObject({ outcome: 'COMPLETED' });
  });

  it('never asks the PG about a payment that its coupon covers', async () => {
    const free = aPayment({ order: anOrder({ discount: 5_000 }) });
    const { world, charge } = aCharger(free);

    await charge();

    expect(world.stored?.status).toBe('COMPLETED');
    expect(world.charges).toEqual([]);
  });

  it('leaves a charge whose key the PG may have forgotten to be inquired about', async () => {
    const { world, charge } = aCharger(reserved);
    world.now = new Date(noon.getTime() + timings.local.keyLifetimeMs + 1);

    expect(await charge()).toMatchObject({ outcome: 'UNKNOWN' });

    expect(world.charges).toEqual([]);
  });

  it('throws on a payment that is not there, so that its message ends among the dead letters', async () => {
    await expect(aCharger(undefined).charge()).rejects.toThrow('no payment pay_1');
  });
});

describe('a redelivered charge', () => {
  const held = (claimExpiresAt: Date) =>
    aPayment({
      status: 'CHARGING',
      version: 2,
      attempt: 1,
      claimExpiresAt: claimExpiresAt.toISOString(),
    });

  it('waits out a claim that is alive', async () => {
    const { world, charge } = aCharger(held(new Date(noon.getTime() + 7_000)));

    await expect(charge()).rejects.toMatchObject({ name: 'Postponed', afterMs: 7_000 });
    expect(world.charges).toEqual([]);
  });

  it('finds the outcome unknown once the claim expired, and does not charge on a guess', async () => {
    const { world, charge } = aCharger(held(noon));

    expect(await charge()).toMatchObject({ outcome: 'UNKNOWN' });
    expect(world.charges).toEqual([]);
  });

  it.each(['COMPLETED', 'FAILED', 'UNKNOWN', 'IN_REVIEW', 'COMPENSATED'] as const)(
    'changes nothing of a payment that is %s',
    async (status) => {
      const payment = aPayment({ status });
      const { world, charge } = aCharger(payment);

      expect(await charge()).toMatchObject({ outcome: status });
      expect(world.stored).toBe(payment);
      expect(world.charges).toEqual([]);
    },
  );

  it('charges once, however many chargers begin at the same time', async () => {
    const { world, charge } = aCharger(reserved);

    const outcomes = await Promise.allSettled([charge(), charge(), charge()]);

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(world.charges).toHaveLength(1);
  });
});

describe('an answer of the PG that came too late', () => {
  it('changes nothing of what was decided meanwhile, and is kept as evidence', async () => {
    const { world, charge } = aCharger(reserved);
    const decided = aPayment({ status: 'UNKNOWN', version: 3 });
    world.whileCharging = () => {
      world.stored = decided;
    };

    await charge();

    expect(world.stored).toBe(decided);
    expect(world.noted).toEqual([
      {
        at: noon.toISOString(),
        by: 'charge-payment',
        detail: 'too late for version 2, attempt 1: approved as tx',
        asked: [{ operation: 'charge', outcome: 'approved', tookMs: expect.any(Number) }],
      },
    ]);
  });
});

describe('a capture that the books cannot take', () => {
  it('opens a review and gives nothing back', async () => {
    const { world, charge } = aCharger(reserved);
    world.settles = 'books-disagree';

    await charge();

    expect(world.stored).toMatchObject({
      status: 'IN_REVIEW',
      failure: { code: 'books-disagree', evidence: 'approved as tx' },
    });
  });
});
