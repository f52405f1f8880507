import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dayIn } from '../domain/day.ts';
import { eventIdOf, pointsSubjectOf } from '../domain/events/domain-event.ts';
import { pointsEntry, rankingEntry, reviewIdOf } from '../domain/ids.ts';
import type { Payment } from '../domain/payments/payment.ts';
import type { Refund } from '../domain/refunds/refund.ts';
import { soldAt } from '../domain/refunds/refund-settlement.ts';
import type { Review } from '../domain/reviews/review.ts';
import {
  type Effect,
  type Hearing,
  hearingsOf,
  type Told,
  toldOf,
} from '../domain/timeline/published-events.ts';
import { type Marks, seenIn } from './consumer-effects.ts';
import { type Address, readTogether } from './dynamodb/batch-get.ts';
import { readable } from './readable-items.ts';

/** What came of the events of a payment and its refunds, as far as it can be seen. */
export interface Traces {
  readonly effects: readonly Effect[];
  /** Events that no effect is there of. */
  readonly unheard: readonly Hearing[];
  /** Events that follow from an effect. */
  readonly consequences: readonly Told[];
  readonly reviews: readonly Review[];
}

type Tables = Readonly<Record<'deliveries' | 'rankings' | 'loyaltyPoints' | 'reviews', string>>;

/** The marks that a payment has left. Every key follows from the journals, so nothing is searched for. */
export const tracesIn = (db: DynamoDBDocumentClient, tables: Tables, timeZone?: string) => ({
  async of(payment: Payment, refunds: readonly Refund[]): Promise<Traces> {
    const journals = [payment, ...refunds];
    const events = journals.flatMap(toldOf);
    // Which of them there were is known once the entry of the points is read, together with their marks.
    const points = hearingsOf(events)
      .filter(({ listener }) => listener === 'add-loyalty-points')
      .map((_, index) => pointsTold(payment.paymentId, index + 1, payment.updatedAt));
    const found = await readTogether(db, [
      ...hearingsOf([...events, ...points]).map((hearing) =>
        markOf(hearing, payment, { ...tables, timeZone }),
      ),
      ...journals.flatMap(reviewIdsOf).map((reviewId) => ({
        table: tables.reviews,
        key: { reviewId },
      })),
    ]);
    const marks = {
      deliveries: found(tables.deliveries),
      counts: found(tables.rankings),
      points: found(tables.loyaltyPoints)[0],
    } as unknown as Marks;
    const consequences = toldOfPoints(payment.paymentId, marks.points?.history ?? []);
    const hearings = hearingsOf([...events, ...consequences]);
    const seen = hearings.map((hearing) => ({ hearing, ...seenIn(marks, refunds)(hearing) }));

    return {
      effects: seen.flatMap(({ hearing, effect }) => (effect ? [{ ...hearing, ...effect }] : [])),
      unheard: seen.flatMap(({ hearing, isHeard }) => (isHeard ? [] : [hearing])),
      consequences,
      reviews: readable<Review>('reviews', found(tables.reviews)),
    };
  },
});

export type TracesOf = ReturnType<typeof tracesIn>;

const pointsTold = (paymentId: string, version: number, at: string): Told => ({
  eventId: eventIdOf(pointsSubjectOf(paymentId), version),
  name: version === 1 ? 'PointsAdded' : 'PointsCorrected',
  at,
});

/** The events of a payment's points: one for each amount that differs from the one before. */
const toldOfPoints = (
  paymentId: string,
  history: readonly { readonly at: string; readonly points: number }[],
): Told[] =>
  history.flatMap(({ at, points }, index) =>
    points === (history[index - 1]?.points ?? 0) ? [] : [pointsTold(paymentId, index + 1, at)],
  );

/** Where a listener marks that it has heard an event. */
const markOf = (
  { listener, event: { eventId } }: Hearing,
  payment: Payment,
  { deliveries, rankings, loyaltyPoints, timeZone }: Tables & { timeZone: string | undefined },
): Address => {
  const { userId, paymentId } = payment;
  switch (listener) {
    case 'update-ranking':
      return {
        table: rankings,
        key: {
          day: dayIn(timeZone, new Date(soldAt(payment))),
          entry: rankingEntry.event(eventId),
        },
      };
    case 'add-loyalty-points':
      return { table: loyaltyPoints, key: { userId, entry: pointsEntry.payment(paymentId) } };
    default:
      return { table: deliveries, key: { eventId, listener } };
  }
};

/** A review is of one version: each that waited for a person. */
const reviewIdsOf = (journal: Payment | Refund): readonly string[] => {
  const subject = 'refundId' in journal ? journal.refundId : journal.paymentId;

  return journal.history
    .filter(({ to }) => to === 'IN_REVIEW' || to === 'UNDER_REVIEW')
    .map(({ version }) => reviewIdOf(subject, version));
};
