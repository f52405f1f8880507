import type { ReviewUnbuiltEvent } from '../../shared/application/events/review-unbuilt-event.ts';
import type { DomainEvent } from '../../shared/domain/events/domain-event.ts';
import { EventNotBuiltError, eventOrError } from '../../shared/domain/events/event-not-built.ts';
import { isStuck } from '../../shared/domain/payments/recovery.ts';
import type { RefundStatus } from '../../shared/domain/refunds/refund.ts';
import {
  type RefundEventName,
  replayRefundEvent,
} from '../../shared/domain/refunds/refund-events.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type { RefundRepository } from '../../shared/persistence/refund-repository.ts';
import type { EventNotBuiltResult, RefundRecoveryResult } from './sweep-result.ts';

interface Dependencies {
  readonly refunds: Pick<RefundRepository, 'getOrThrow' | 'tryLease' | 'releaseLease'>;
  readonly review: ReviewUnbuiltEvent;
  readonly publish: (event: DomainEvent) => Promise<unknown>;
  readonly timings: Pick<Timings, 'sweepGraceMs'>;
}

const replayedEventByStatus: Partial<Record<RefundStatus, RefundEventName>> = {
  REQUESTED: 'RefundRequested',
  UNDER_REVIEW: 'RefundReviewOpened',
};

/** Publishes the event of a stuck refund again. Of two concurrent sweeps, one does so. */
export const recoverRefund =
  ({ refunds, review, publish, timings }: Dependencies, at: Date) =>
  async (refundId: string): Promise<RefundRecoveryResult | EventNotBuiltResult> => {
    const refund = await refunds.getOrThrow(refundId);
    const { dueAt, status, attempts } = refund;
    // The index may lag behind the table.
    if (!isStuck(dueAt, at, timings)) return 'already-handled';
    const eventName = replayedEventByStatus[status];
    if (eventName === undefined)
      throw new Error(`${refundId} is due, but status ${status} has no recovery action.`);
    if (!(await refunds.tryLease(refund, at.toISOString()))) return 'already-handled';
    const event = eventOrError(() => replayRefundEvent(refund, eventName));
    if (event instanceof EventNotBuiltError) {
      await review(event, at);
      await refunds.releaseLease(refund, at.toISOString());

      return 'EVENT_NOT_BUILT';
    }
    await publish(event);
    if (status === 'UNDER_REVIEW') return 'REFUND_REVIEW_MISSING';

    return attempts === 0 ? 'REFUND_NOT_SENT' : 'REFUND_OUTCOME_UNKNOWN';
  };
