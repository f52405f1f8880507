import { type EventName, eventIdOf, subscriptions } from '../events/domain-event.ts';
import type { HistoryEntry, Payment } from '../payments/payment.ts';
import { eventOf } from '../payments/payment-transitions.ts';
import { type Refund, type RefundHistoryEntry, refundTransitionOf } from '../refunds/refund.ts';

/** An event as it was told, without what it says. */
export interface Told {
  readonly eventId: string;
  readonly name: EventName;
  /** ISO 8601. */
  readonly at: string;
}

/** The events that a payment's journal tells of, and a refund's, each under the id that it was published with. */
export const toldOf = (journal: Payment | Refund): readonly Told[] =>
  'refundId' in journal
    ? journal.history.flatMap((entry) => toldOfRefund(journal, entry))
    : journal.history.flatMap((entry) => toldOfPayment(journal, entry));

/** The event of one move of a payment, if it has one. */
export const toldOfPayment = ({ paymentId }: Payment, entry: HistoryEntry): readonly Told[] =>
  told(paymentId, entry, eventOf(entry.from, entry.to));

/** The event of one move of a refund, if it has one. */
export const toldOfRefund = ({ refundId }: Refund, entry: RefundHistoryEntry): readonly Told[] =>
  told(refundId, entry, refundTransitionOf(entry.from, entry.to)?.event);

const told = (
  subject: string,
  { version, at }: Pick<HistoryEntry, 'version' | 'at'>,
  name?: EventName,
): readonly Told[] =>
  name === undefined ? [] : [{ eventId: eventIdOf(subject, version), name, at }];

/** Who has an effect outside of the payment's own journal. What the others do is in there. */
const listeners = [
  'send-to-data-platform',
  'notify-buyer',
  'update-ranking',
  'add-loyalty-points',
] as const satisfies readonly (keyof typeof subscriptions)[];

/** An event that a listener is to have an effect of. */
export interface Hearing {
  readonly listener: (typeof listeners)[number];
  readonly event: Told;
}

/** All that is to come of these events in the end. */
export const hearingsOf = (events: readonly Told[]): readonly Hearing[] =>
  events.flatMap((event) =>
    listeners
      .filter((listener) => (subscriptions[listener] as readonly EventName[]).includes(event.name))
      .map((listener) => ({ listener, event })),
  );

/** What a listener has done about an event. */
export interface Effect extends Hearing {
  /** ISO 8601. */
  readonly at: string;
  readonly did: string;
}
