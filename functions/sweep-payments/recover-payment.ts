import type { ReviewUnbuilt } from '../../shared/application/events/review-unbuilt-event.ts';
import { measureDecision } from '../../shared/application/payments/record-time-to-final-status.ts';
import type { DomainEvent } from '../../shared/domain/events/domain-event.ts';
import { EventNotBuiltError, eventOrReason } from '../../shared/domain/events/event-not-built.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { inquiryOf, toldAgain } from '../../shared/domain/payments/payment-events.ts';
import type { PaymentStatus } from '../../shared/domain/payments/payment-transitions.ts';
import { isOverdue, remedyOf } from '../../shared/domain/payments/recovery.ts';
import { instantOf } from '../../shared/domain/time.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type { Payments } from '../../shared/persistence/payment-repository.ts';
import type { MendedOrder } from './recover-order.ts';
import type { MendedRefund } from './recover-refund.ts';
import type { Unbuilt } from './sweep-result.ts';

interface Dependencies {
  readonly payments: Pick<Payments, 'existing' | 'moved' | 'takenInHand' | 'leaveDue'>;
  readonly review: ReviewUnbuilt;
  readonly publish: (event: DomainEvent) => Promise<unknown>;
  readonly timings: Timings;
}

/** What was found in which state; 'elsewhere' is what another sweep or its own way took in hand first. */
export type Mended = PaymentStatus | 'NOT_COMPARED' | MendedRefund | MendedOrder | Unbuilt;

/** Does the next right thing for one payment. Of two sweeps at once, one does it. */
export const mend =
  ({ payments, review, publish, timings }: Dependencies, at: Date) =>
  async (paymentId: string): Promise<Mended> => {
    const payment = await payments.existing(paymentId);
    const { dueAt, status } = payment;
    // The index may be a moment behind the table.
    if (!isOverdue(dueAt, at, timings)) return 'elsewhere';
    const remedy = remedyOf(payment, at, timings);
    if (remedy === undefined && status === 'CHARGING') return 'elsewhere';
    if (remedy === undefined && status === 'COMPLETED') {
      // What it was due for was done while it was read to be moved.
      await payments.leaveDue(payment, `${dueAt}`);

      return 'elsewhere';
    }
    if (remedy === undefined)
      throw new Error(`${paymentId} is due, and nothing is to be done for ${status}.`);
    if (remedy !== 'inquire' && 'after' in remedy) {
      if (!(await payments.moved(payment, remedy.after))) return 'elsewhere';
      measureDecision(payment, remedy.after);

      return status;
    }
    if (!(await payments.takenInHand(payment, at.toISOString()))) return 'elsewhere';
    const event = eventOrReason(() =>
      remedy === 'inquire' ? inquiryOf(payment) : toldAgain(payment, remedy.tell),
    );
    if (event instanceof EventNotBuiltError) {
      await review(event, at);
      await payments.leaveDue(payment, at.toISOString(), holdEndOf(payment, timings));

      return 'EVENT_NOT_BUILT';
    }
    await publish(event);

    // It waits for a sweep by design, and was not forgotten.
    return status === 'COMPLETED' && remedy === 'inquire' ? 'NOT_COMPARED' : status;
  };

/** A reservation whose event cannot be built is still given back when its hold ends. Of any other payment the review is all that comes. */
const holdEndOf = ({ status, createdAt }: Payment, { holdMs }: Timings): string | undefined => {
  const created = status === 'RESERVED' ? instantOf(createdAt) : undefined;

  return created === undefined ? undefined : new Date(created + holdMs).toISOString();
};
