import type { ReviewUnbuiltEvent } from '../../shared/application/events/review-unbuilt-event.ts';
import { recordTimeToFinalStatus } from '../../shared/application/payments/record-time-to-final-status.ts';
import type { DomainEvent } from '../../shared/domain/events/domain-event.ts';
import { EventNotBuiltError, eventOrError } from '../../shared/domain/events/event-not-built.ts';
import { isEnded } from '../../shared/domain/payments/inquiry-hint.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { inquiryEventOf, replayPaymentEvent } from '../../shared/domain/payments/payment-events.ts';
import { decideRecovery, isStuck } from '../../shared/domain/payments/recovery.ts';
import { parseInstant } from '../../shared/domain/time.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type { PaymentRepository } from '../../shared/persistence/payment-repository.ts';
import type { RecoveryResult } from './sweep-result.ts';

interface Dependencies {
  readonly payments: Pick<
    PaymentRepository,
    'getOrThrow' | 'tryUpdate' | 'tryLease' | 'releaseLease'
  >;
  readonly review: ReviewUnbuiltEvent;
  readonly publish: (event: DomainEvent) => Promise<unknown>;
  readonly timings: Timings;
}

/**
 * Recovers one stuck payment: releases, moves on, or publishes its event again. Of two concurrent sweeps, one
 * does so.
 */
export const recoverPayment =
  ({ payments, review, publish, timings }: Dependencies, at: Date) =>
  async (paymentId: string): Promise<RecoveryResult> => {
    const payment = await payments.getOrThrow(paymentId);
    const { dueAt, status } = payment;
    // The index may lag behind the table.
    if (!isStuck(dueAt, at, timings)) return 'already-handled';
    const action = decideRecovery(payment, at, timings);
    if (action === undefined && status === 'CHARGING') return 'already-handled';
    if (action === undefined && isEnded(payment)) {
      // Another step handled it while the sweeper read it.
      await payments.releaseLease(payment, `${dueAt}`);

      return 'already-handled';
    }
    if (action === undefined)
      throw new Error(`${paymentId} is due, but status ${status} has no recovery action.`);
    if (action !== 'inquire' && 'after' in action) {
      if (!(await payments.tryUpdate(payment, action.after))) return 'already-handled';
      recordTimeToFinalStatus(payment, action.after);

      return status;
    }
    if (!(await payments.tryLease(payment, at.toISOString()))) return 'already-handled';
    const event = eventOrError(() =>
      action === 'inquire' ? inquiryEventOf(payment) : replayPaymentEvent(payment, action.replay),
    );
    if (event instanceof EventNotBuiltError) {
      await review(event, at);
      await payments.releaseLease(payment, at.toISOString(), holdEndOf(payment, timings));

      return 'EVENT_NOT_BUILT';
    }
    await publish(event);

    // A pending comparison waits for the sweeper by design, so the payment is not stuck.
    return isEnded(payment) && action === 'inquire' ? 'COMPARISON_PENDING' : status;
  };

/**
 * A reservation whose event cannot be built is still released when its hold expires. Any other payment waits
 * for its review.
 */
const holdEndOf = (
  { status, createdAt }: Payment,
  { holdExpiryMs }: Timings,
): string | undefined => {
  const created = status === 'RESERVED' ? parseInstant(createdAt) : undefined;

  return created === undefined ? undefined : new Date(created + holdExpiryMs).toISOString();
};
