import type { DomainEvent } from '../../domain/events/domain-event.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import { eventFrom, type PaymentEvent, toldAgain } from '../../domain/payments/payment-events.ts';
import { eventOf } from '../../domain/payments/payment-transitions.ts';
import { type Refund, refundTransitionOf } from '../../domain/refunds/refund.ts';
import { type RefundEvent, refundToldAgain } from '../../domain/refunds/refund-events.ts';
import type { Committed } from '../../persistence/stored-items.ts';

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
