import type { ReviewUnbuilt } from '../../shared/application/events/review-unbuilt-event.ts';
import type { DomainEvent } from '../../shared/domain/events/domain-event.ts';
import { EventNotBuiltError, eventOrReason } from '../../shared/domain/events/event-not-built.ts';
import { isOverdue } from '../../shared/domain/payments/recovery.ts';
import type { RefundStatus } from '../../shared/domain/refunds/refund.ts';
import { type RefundEvent, refundToldAgain } from '../../shared/domain/refunds/refund-events.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type { Refunds } from '../../shared/persistence/refund-repository.ts';
import type { Unbuilt } from './sweep-result.ts';

interface Dependencies {
  readonly refunds: Pick<Refunds, 'existing' | 'takenInHand' | 'leaveDue'>;
  readonly review: ReviewUnbuilt;
  readonly publish: (event: DomainEvent) => Promise<unknown>;
  readonly timings: Pick<Timings, 'overdueAfterMs'>;
}

/**
 * Of a refund that nobody asked the PG for, of one of which the PG's answer is not known yet, or of one under review without a stored
 * review.
 */
export type MendedRefund = 'REFUND_UNASKED' | 'REFUND_UNKNOWN' | 'REFUND_UNLISTED' | 'elsewhere';

const remedies: Partial<Record<RefundStatus, RefundEvent>> = {
  REQUESTED: 'RefundRequested',
  UNDER_REVIEW: 'RefundReviewOpened',
};

/** Tells again of a refund that did not end in time. Of two sweeps at once, one does it. */
export const mendRefund =
  ({ refunds, review, publish, timings }: Dependencies, at: Date) =>
  async (refundId: string): Promise<MendedRefund | Unbuilt> => {
    const refund = await refunds.existing(refundId);
    const { dueAt, status, tries } = refund;
    // The index may be a moment behind the table.
    if (!isOverdue(dueAt, at, timings)) return 'elsewhere';
    const remedy = remedies[status];
    if (remedy === undefined)
      throw new Error(`${refundId} is due, and nothing is to be done for ${status}.`);
    if (!(await refunds.takenInHand(refund, at.toISOString()))) return 'elsewhere';
    const event = eventOrReason(() => refundToldAgain(refund, remedy));
    if (event instanceof EventNotBuiltError) {
      await review(event, at);
      await refunds.leaveDue(refund, at.toISOString());

      return 'EVENT_NOT_BUILT';
    }
    await publish(event);
    if (status === 'UNDER_REVIEW') return 'REFUND_UNLISTED';

    return tries === 0 ? 'REFUND_UNASKED' : 'REFUND_UNKNOWN';
  };
