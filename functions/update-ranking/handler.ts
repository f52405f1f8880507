import type { Rankings } from '../../shared/data/rankings.ts';
import { utcDayOf } from '../../shared/domain/day.ts';
import type { DomainEvent } from '../../shared/domain/events.ts';
import { mergeLines } from '../../shared/domain/order.ts';
import type { Done } from '../../shared/runtime/queue-handler.ts';

interface Dependencies {
  readonly rankings: Pick<Rankings, 'count'>;
}

/** Counts what was sold into the day of the sale, however late the event comes. */
export const updateRanking =
  ({ rankings }: Dependencies) =>
  async ({ id: eventId, data }: DomainEvent<'PaymentCompleted'>): Promise<Done> => {
    const day = utcDayOf(new Date(data.completedAt));

    // A transaction may touch an item once, so a sku that is named twice is one line.
    const outcome = await rankings.count({ eventId, day, lines: mergeLines(data.lines) });

    return { outcome, day, paymentId: data.paymentId };
  };
