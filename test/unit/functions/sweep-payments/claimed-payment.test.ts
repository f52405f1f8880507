import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimPayment } from '../../../../functions/charge-payment/claim.ts';
import { sweepPayments } from '../../../../functions/sweep-payments/handler.ts';
import { recoverPayment } from '../../../../functions/sweep-payments/recover-payment.ts';
import { createReviewUnbuiltEvent } from '../../../../shared/application/events/review-unbuilt-event.ts';
import type { DomainEvent } from '../../../../shared/domain/events/domain-event.ts';
import { openPayment } from '../../../../shared/domain/payments/open-payment.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { createDueIndex } from '../../../../shared/persistence/due-index.ts';
import { createPaymentRepository } from '../../../../shared/persistence/payment-repository.ts';
import { createReviewRepository } from '../../../../shared/persistence/review-repository.ts';
import { anOrder, noon } from '../../../support/builders/builders.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';

const profiles = ['local', 'cloud'] as const;

/** A payment accepted at noon, its chargers, and the sweeper over the due index. Times are after noon. */
const createTimeline = (profile: (typeof profiles)[number]) => {
  const settings = timings[profile];
  const tables = new MemoryDynamo({ Payments: ['paymentId'], Reviews: ['reviewId'] });
  const payments = createPaymentRepository(tables.client, 'Payments');
  const published: DomainEvent[] = [];
  const order = anOrder();
  const request = { paymentId: 'pay_1', order, paymentMethod: 'sim_approve', requestHash: 'hash' };
  tables.put('Payments', openPayment(request, noon, settings.unclaimedTimeoutMs));
  const clockAt = (ms: number) => ({ now: () => new Date(noon.getTime() + ms) });
  const stored = () => payments.getOrThrow('pay_1');

  return {
    settings,
    published,
    stored,
    msOf: (time: string | undefined) => Date.parse(`${time}`) - noon.getTime(),
    /** A charger that claims the payment as it is stored, or as it was read, and then dies. */
    claimAt: async (ms: number, read?: Payment) =>
      claimPayment({ payments, clock: clockAt(ms), timings: settings }, read ?? (await stored())),
    sweepAt: (ms: number) =>
      sweepPayments({
        sources: [
          {
            index: createDueIndex(tables.client, 'Payments', 'paymentId'),
            recoverAt: (at) =>
              recoverPayment(
                {
                  payments,
                  review: createReviewUnbuiltEvent(
                    createReviewRepository(tables.client, 'Reviews'),
                  ),
                  publish: async (event) => published.push(event),
                  timings: settings,
                },
                at,
              ),
          },
        ],
        clock: clockAt(ms),
        timings: settings,
      })({ remainingMs: 55_000 }),
  };
};

describe.each(profiles)('sweeper and claims (%s)', (profile) => {
  const { unclaimedTimeoutMs, claimLeaseMs, sweepGraceMs, holdExpiryMs } = timings[profile];

  it('replays the event of a payment that no charger claims, not a moment earlier', async () => {
    const { sweepAt, published, stored } = createTimeline(profile);

    await sweepAt(unclaimedTimeoutMs + sweepGraceMs - 1);
    expect(published).toEqual([]);
    await sweepAt(unclaimedTimeoutMs + sweepGraceMs);

    expect(published).toMatchObject([{ name: 'PaymentReserved' }]);
    expect(await stored()).toMatchObject({ status: 'RESERVED', version: 1 });
  });

  it.each([
    ['immediately', 0],
    ['when it is due', unclaimedTimeoutMs],
    ['before the sweeper finds it', unclaimedTimeoutMs + sweepGraceMs - 1],
    ['shortly before its hold expires', holdExpiryMs - 1],
  ])('leaves a payment to a charger that claims it %s and dies', async (_when, claimedMs) => {
    const { claimAt, sweepAt, published, stored } = createTimeline(profile);
    await claimAt(claimedMs);
    const claimed = await stored();
    const overdueMs = Math.max(unclaimedTimeoutMs, claimedMs + claimLeaseMs) + sweepGraceMs;

    await sweepAt(claimedMs + claimLeaseMs);
    await sweepAt(overdueMs - 1);
    expect(await stored()).toEqual(claimed);
    expect(await sweepAt(overdueMs)).toMatchObject({ found: { CHARGING: 1 }, overdue: 1 });

    expect(await stored()).toMatchObject({ status: 'UNKNOWN', attempt: 1 });
    expect(published).toEqual([]);
  });

  it('is not claimed on a due time that the sweeper has moved meanwhile', async () => {
    const { claimAt, sweepAt, stored, msOf } = createTimeline(profile);
    const read = await stored();
    const sweptMs = unclaimedTimeoutMs + sweepGraceMs;
    await sweepAt(sweptMs);

    await expect(claimAt(sweptMs, read)).rejects.toMatchObject({ name: 'DeferredError' });
    expect(await stored()).toMatchObject({ status: 'RESERVED' });
    await claimAt(sweptMs);

    const claimed = await stored();
    expect(claimed.status).toBe('CHARGING');
    expect(msOf(claimed.dueAt)).toBe(sweptMs);
  });

  it('is UNKNOWN between one grace and one run after its claim, whenever it is claimed', async () => {
    const minute = 60_000;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: holdExpiryMs - 1 }),
        fc.integer({ min: 0, max: minute - 1 }),
        async (claimedMs, firstRunMs) => {
          const { claimAt, sweepAt, stored, msOf } = createTimeline(profile);
          let runMs = firstRunMs;
          for (; runMs < claimedMs; runMs += minute) await sweepAt(runMs);
          const { dueAt } = await claimAt(claimedMs);
          while ((await stored()).status === 'CHARGING') {
            await sweepAt(runMs);
            runMs += minute;
          }

          const unknownMs = msOf((await stored()).updatedAt);
          const leaseEndsMs = claimedMs + claimLeaseMs;
          expect(unknownMs).toBeGreaterThanOrEqual(leaseEndsMs + sweepGraceMs);
          expect(unknownMs).toBeLessThan(
            Math.max(msOf(dueAt), leaseEndsMs) + sweepGraceMs + minute,
          );
        },
      ),
    );
  });
});
