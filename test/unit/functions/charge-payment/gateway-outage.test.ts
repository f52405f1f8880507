import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stages } from '../../../../cdk/stages.ts';
import { isNotSent } from '../../../../functions/charge-payment/attempt-charge.ts';
import { chargePayment } from '../../../../functions/charge-payment/handler.ts';
import { sweepPayments } from '../../../../functions/sweep-payments/handler.ts';
import { recoverPayment } from '../../../../functions/sweep-payments/recover-payment.ts';
import type { SweepSource } from '../../../../functions/sweep-payments/sweep-shards.ts';
import { createRecordChargeOutcome } from '../../../../shared/application/payments/record-charge-outcome.ts';
import { eventIdOf } from '../../../../shared/domain/events/domain-event.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { type TimingProfile, timings as table } from '../../../../shared/domain/timings.ts';
import { createCircuitBreaker } from '../../../../shared/lambda/circuit-breaker.ts';
import { DeferredError } from '../../../../shared/lambda/message-deferral.ts';
import { createPaymentRepository } from '../../../../shared/persistence/payment-repository.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';

const second = 1_000;
const minute = 60 * second;

const batchSizes = {
  local: stages.local.chargeBatchSize,
  cloud: stages.production.chargeBatchSize,
};

/** Fifty payments, one charger, a sweep per minute, and a gateway that refuses connections for a while. */
const simulateOutage = async (profile: TimingProfile, outageMs: number) => {
  const timings = table[profile];
  const batchSize = batchSizes[profile];
  const since = () => Date.now() - noon.getTime();
  const clock = { now: () => new Date() };
  const tables = new MemoryDynamo({ Payments: ['paymentId'] });
  const payments = createPaymentRepository(tables.client, 'Payments');
  const stored = () => tables.items<Payment>('Payments');
  const refused: number[] = [];
  const queue = Array.from({ length: 50 }, () => {
    const payment = aPayment({
      dueAt: new Date(Date.now() + timings.unclaimedTimeoutMs).toISOString(),
    });
    tables.put('Payments', payment);

    return { paymentId: payment.paymentId, delayMs: 0 };
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
    breaker: createCircuitBreaker({ openMs: timings.circuitOpenMs, isFailure: isNotSent }),
    record: createRecordChargeOutcome({
      payments,
      capturePayment: async (before, after) =>
        (await payments.tryUpdate(before, after)) ? 'written' : 'version-conflict',
      clock,
      by: 'charge-payment',
    }),
    clock,
    timings,
  });
  const deliver = async (paymentId: string) => {
    try {
      await charge({ subject: paymentId, id: eventIdOf(paymentId, 1) });
    } catch (error) {
      if (!(error instanceof DeferredError)) throw error;
      queue.push({ paymentId, delayMs: since() + error.delayMs });
    }
  };
  const source: SweepSource = {
    index: {
      async *pagesOfShard(shard, time) {
        yield stored()
          .filter(({ dueShard, dueAt = '' }) => dueShard === shard && dueAt <= time.toISOString())
          .map(({ paymentId }) => paymentId);
      },
      reschedule: async () => {
        throw new Error('There is nothing here that could not be mended.');
      },
    },
    recoverAt: (at) =>
      recoverPayment(
        {
          payments,
          review: async () => {
            throw new Error('Every event can be built here.');
          },
          publish: async ({ name, subject }) => {
            if (name === 'PaymentReserved') queue.push({ paymentId: subject, delayMs: since() });
          },
          timings,
        },
        at,
      ),
  };
  const sweep = sweepPayments({ sources: [source], clock, timings });

  while (stored().some(({ status }) => status === 'RESERVED')) {
    const due = queue.filter(({ delayMs }) => delayMs <= since());
    for (const message of due) queue.splice(queue.indexOf(message), 1);
    while (due.length > 0) {
      await Promise.all(due.splice(0, batchSize).map(({ paymentId }) => deliver(paymentId)));
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

describe.each(['local', 'cloud'] as const)(
  'gateway outage with the timings of the %s profile',
  (profile) => {
    const { circuitOpenMs, notSentBackoffMs, holdExpiryMs } = table[profile];
    const [, longestMs] = notSentBackoffMs;

    it('completes all payments after two minutes of outage, none UNKNOWN or released', async () => {
      const outageMs = 2 * minute;

      const { payments, refused, endedMs } = await simulateOutage(profile, outageMs);

      const states = new Set(payments.flatMap(({ history }) => history.map(({ to }) => to)));
      expect(states).toEqual(new Set(['RESERVED', 'CHARGING', 'COMPLETED']));
      expect(payments.every(({ status }) => status === 'COMPLETED')).toBe(true);
      expect(endedMs).toBeLessThan(outageMs + 2 * (longestMs + second));
      // A batch concurrently before the circuit opens, then one per open interval.
      expect(refused.length).toBeLessThanOrEqual(batchSizes[profile] + outageMs / circuitOpenMs);
    });

    it('releases every payment when the outage outlasts the hold, none UNKNOWN', async () => {
      const { payments } = await simulateOutage(profile, 2 * holdExpiryMs);

      for (const { status, failure, history } of payments) {
        expect({ status, failure }).toMatchObject({
          status: 'FAILED',
          failure: { code: 'hold-expired' },
        });
        expect(history.map(({ to }) => to)).not.toContain('UNKNOWN');
      }
    });
  },
);
