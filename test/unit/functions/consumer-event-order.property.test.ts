import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addLoyaltyPoints } from '../../../functions/add-loyalty-points/handler.ts';
import { updateRanking } from '../../../functions/update-ranking/handler.ts';
import { ServiceUnavailableError } from '../../../shared/domain/errors.ts';
import type { DomainEvent, EventData } from '../../../shared/domain/events/domain-event.ts';
import { eventOfChange } from '../../../shared/domain/outbox/outbox-event.ts';
import { parsePointsRate, pointsFor } from '../../../shared/domain/points/points-rate.ts';
import {
  createPointsRepository,
  type PointsEntry,
} from '../../../shared/persistence/points-repository.ts';
import { createRankingRepository } from '../../../shared/persistence/ranking-repository.ts';
import {
  aPaymentCompletedEvent,
  aRefundCompletedEvent,
  asConfirmed,
  noonClock,
} from '../../support/builders/consumer-events.ts';
import { MemoryDynamo } from '../../support/fakes/memory-dynamo.ts';

type ConsumedEvent = DomainEvent<'PaymentCompleted' | 'RefundCompleted'>;

/** The events that are published from the points stream. */
const publishedFrom = ({ changes }: MemoryDynamo) =>
  changes
    .filter(({ table }) => table === 'LoyaltyPoints')
    .map(({ before, after }) =>
      eventOfChange({
        of: 'points',
        before: before as PointsEntry | undefined,
        after: after as unknown as PointsEntry,
      }),
    );

const keys = { LoyaltyPoints: ['userId', 'entry'], Rankings: ['day', 'entry'] };
const rate = parsePointsRate('1.5');

/** A sale and its refunds, and deliveries of each event in any order, some of them repeated. */
const anyHistory = fc
  .record({
    amount: fc.integer({ min: 0, max: 100_000 }),
    sold: fc.integer({ min: 0, max: 9 }),
    parts: fc.array(
      fc.record({ money: fc.double({ min: 0, max: 1, noNaN: true }), units: fc.nat(3) }),
      { maxLength: 4 },
    ),
  })
  .map(({ amount, sold, parts }) => {
    const completion = aPaymentCompletedEvent({ amount, lines: linesOf(sold) });
    const { paymentId } = completion.data;
    let [net, left] = [amount, sold];
    const refunds = parts.map(({ money, units }, index) => {
      const [back, returned] = [Math.floor(net * money), Math.min(left, units)];
      [net, left] = [net - back, left - returned];
      const paymentVersion = 5 + 2 * index;

      return aRefundCompletedEvent({
        paymentId,
        amount: back,
        remainingAmount: net,
        paymentVersion,
        lines: linesOf(returned),
      });
    });

    return { events: [completion, ...refunds] as readonly ConsumedEvent[], net, left };
  })
  .chain(({ events, ...end }) =>
    fc.record({
      end: fc.constant(end),
      deliveries: fc
        .array(fc.constantFrom(...events), { maxLength: 6 })
        .chain((again) =>
          fc.shuffledSubarray([...events, ...again], { minLength: events.length + again.length }),
        ),
    }),
  );

const linesOf = (quantity: number) => (quantity > 0 ? [{ sku: 'tea', quantity }] : []);

/** Redelivers until the consumer succeeds, as a queue does. */
const delivered = async (work: () => Promise<unknown>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ServiceUnavailableError)) throw error;
    await delivered(work);
  }
};

it('computes points and ranking correctly in any order of events', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), anyHistory, async (scheduler, { end, deliveries }) => {
      const tables = new MemoryDynamo(keys, () => scheduler.schedule(Promise.resolve()));
      const points = createPointsRepository(tables.client, 'LoyaltyPoints');
      const add = addLoyaltyPoints({ points, rate, clock: noonClock });
      const count = updateRanking({
        rankings: createRankingRepository(tables.client, 'Rankings'),
        clock: noonClock,
      });

      const done = deliveries.flatMap((event) => [
        delivered(() => add(event)),
        delivered(() => count(asConfirmed(event))),
      ]);
      await scheduler.waitFor(Promise.all(done));

      const total = await scheduler.waitFor(points.getTotal('alice'));
      const units = tables
        .items<{ sku?: string; units: number }>('Rankings')
        .filter(({ sku }) => sku);
      expect(total).toBe(pointsFor(end.net, rate));
      expect(units.reduce((sum, each) => sum + each.units, 0)).toBe(end.left);
      // The published changes add up to the points.
      const published = publishedFrom(tables).filter((event) => event !== undefined);
      const changes = published.map(({ data }) =>
        'change' in data ? data.change : (data as EventData<'PointsAdded'>).points,
      );
      expect(changes.reduce((sum, change) => sum + change, 0)).toBe(pointsFor(end.net, rate));
      expect(changes).not.toContain(0);
    }),
  );
});
