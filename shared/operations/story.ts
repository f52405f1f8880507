import type { Committed } from '../data/committed.ts';
import { eventFrom, type PaymentEvent, toldAgain } from '../domain/changes.ts';
import type { DomainEvent } from '../domain/events.ts';
import type { Payment } from '../domain/payment.ts';
import { type Refund, refundTransitionOf } from '../domain/refund.ts';
import { type RefundEvent, refundToldAgain } from '../domain/refund-changes.ts';
import { eventOf } from '../domain/transitions.ts';

/** A review that is over needs no telling, and why it was opened may be gone with it. */
const isOver = (name: string, status: string) =>
  (name === 'PaymentReviewOpened' && status !== 'IN_REVIEW') ||
  (name === 'RefundReviewOpened' && status !== 'UNDER_REVIEW');

const namesIn = <E extends string>(status: string, names: readonly (string | undefined)[]): E[] =>
  [...new Set(names)].filter((name) => name !== undefined && !isOver(name, status)) as E[];

/** Every event that a payment's journal tells of, made again: who heard one knows it by its id. */
export const storyOf = (payment: Payment): readonly DomainEvent[] =>
  namesIn<PaymentEvent>(
    payment.status,
    payment.history.map(({ from, to }) => eventOf(from, to)),
  ).map((name) => toldAgain(payment, name));

const storyOfRefund = (refund: Refund): readonly DomainEvent[] =>
  namesIn<RefundEvent>(
    refund.status,
    refund.history.map(({ from, to }) => refundTransitionOf(from, to)?.event),
  ).map((name) => refundToldAgain(refund, name));

/** What was committed, as events: all that its journal tells; without one, what it has come to. Throws where it is nothing that we write. */
export const toldOf = ({ of, item }: Committed): readonly DomainEvent[] => {
  if (of === 'payment') return storyOf(item as unknown as Payment);
  if (of === 'refund') return storyOfRefund(item as unknown as Refund);
  // Only its first version is told; whoever heard it then knows it by that.
  const after = of === 'earning' ? { ...item, version: 1 } : item;
  const event = eventFrom({ of, before: undefined, after });

  return event ? [event] : [];
};
