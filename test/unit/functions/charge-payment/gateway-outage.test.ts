import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isUnsent } from '../../../../functions/charge-payment/attempt-charge.ts';
import { chargePayment } from '../../../../functions/charge-payment/handler.ts';
import { sweepPayments } from '../../../../functions/sweep-payments/handler.ts';
import { mend } from '../../../../functions/sweep-payments/recover-payment.ts';
import type { Source } from '../../../../functions/sweep-payments/sweep-shard.ts';
import { outcomeRecorder } from '../../../../shared/application/payments/record-charge-outcome.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { type TimingProfile, timings as table } from '../../../../shared/domain/timings.ts';
import { breakerOf } from '../../../../shared/lambda/circuit-breaker.ts';
import { Postponed } from '../../../../shared/lambda/sqs-handler.ts';
import { paymentsIn } from '../../../../shared/persistence/payment-repository.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';

const second = 1_000;
const minute = 60 * second;

/** Fifty payments, one charger, a sweep a minute, and a PG that refuses connections for so long; then as long as it takes. */
const anOutage = async (profile: TimingProfile, outageMs: number) => {
  const timings = table[profile];
  const since = () => Date.now() - noon.getTime();
  const clock = { now: () => new Date() };
  const tables = new MemoryDynamo({ Payments: ['paymentId'] });
  const payments = paymentsIn(tables.client, 'Payments');
  const stored = () => tables.items<Payment>('Payments');
  const refused: number[] = [];
  const queue = Array.from({ length: 50 }, () => {
    const payment = aPayment({
      dueAt: new Date(Date.now() + timings.unclaimedAfterMs).toISOString(),
    });
    tables.put('Payments', payment);

    return { paymentId: payment.paymentId, afterMs: 0 };
  });

  const charge = chargePayment({
    payments,
    gateway: {
      charge: async () => {
        if (since() >= outageMs) {
          return { outcome: 'approved', transactionId: 'tx', approvedAt: noon.toISOString() };
        }
        refused.push(since());

        return { outcome: 'not-sent', reason: 'ECONNREFUSED' };
      },
    },
    breaker: breakerOf({ restMs: timings.pgRestMs, isUnsent }),
    record: outcomeRecorder({
      payments,
      settle: async (before, after) =>
        (await payments.moved(before, after)) ? 'settled' : 'superseded',
      clock,
      by: 'charge-payment',
    }),
    clock,
    timings,
  });
  const deliver = async (paymentId: string) => {
    try {
      await charge(paymentId);
    } catch (error) {
      if (!(error instanceof Postponed)) throw error;
      queue.push({ paymentId, afterMs: since() + error.afterMs });
    }
  };
  const source: Source = {
    due: {
      async *inShard(shard, time) {
        yield stored()
          .filter(({ dueShard, dueAt = '' }) => dueShard === shard && dueAt <= time.toISOString())
          .map(({ paymentId }) => paymentId);
      },
      putBehind: async () => {
        throw new Error('There is nothing here that could not be mended.');
      },
    },
    mendAt: (at) =>
      mend(
        {
          payments,
          review: async () => {
            throw new Error('Every event can be built here.');
          },
          publish: async ({ name, subject }) => {
            if (name === 'PaymentReserved') queue.push({ paymentId: subject, afterMs: since() });
          },
          timings,
        },
        at,
      ),
  };
  const sweep = sweepPayments({ sources: [source], clock, timings });

  while (stored().some(({ status }) => status === 'RESERVED')) {
    const due = queue.filter(({ afterMs }) => afterMs <= since());
    for (const message of due) queue.splice(queue.indexOf(message), 1);
    while (due.length > 0) {
      await Promise.all(due.splice(0, 10).map(({ paymentId }) => deliver(paymentId)));
    }
    if (since() > 0 && since() % minute === 0) await sweep({ remainingMs: 55_000 });
    vi.setSystemTime(Date.now() + second);
  }

  return { payments: stored(), refused, endedMs: since() };
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: noon });
});

afterEach(() => {
  vi.useRealTimers();
});

describe.each(['local', 'cloud'] as const)('with the times of the %s profile', (profile) => {
  const { pgRestMs, unsentAfterMs, holdMs } = table[profile];
  const [, longestMs] = unsentAfterMs;

  it('two minutes without a PG complete soon after its return, and none is unknown or given up', async () => {
    const outageMs = 2 * minute;

    const { payments, refused, endedMs } = await anOutage(profile, outageMs);

    const states = new Set(payments.flatMap(({ history }) => history.map(({ to }) => to)));
    expect(states).toEqual(new Set(['RESERVED', 'CHARGING', 'COMPLETED']));
    expect(payments.every(({ status }) => status === 'COMPLETED')).toBe(true);
    expect(endedMs).toBeLessThan(outageMs + 2 * (longestMs + second));
    // Ten at once before anything is known, then one a rest.
    expect(refused.length).toBeLessThanOrEqual(10 + outageMs / pgRestMs);
  });

  it('an outage that outlasts the hold gives every payment back, without ever having been unknown', async () => {
    const { payments } = await anOutage(profile, 2 * holdMs);

    for (const { status, failure, history } of payments) {
      expect({ status, failure }).toMatchObject({
        status: 'FAILED',
        failure: { code: 'hold-expired' },
      });
      expect(history.map(({ to }) => to)).not.toContain('UNKNOWN');
    }
  });
});
