import type { Context } from 'aws-lambda';
import type { DomainEvent } from '../../shared/domain/events/domain-event.ts';
import type { Refund } from '../../shared/domain/refunds/refund.ts';
import type { Clock } from '../../shared/domain/time.ts';
import {
  deferOrLeaveToSweeper,
  type HandlingResult,
} from '../../shared/lambda/message-deferral.ts';
import type { RefundRepository } from '../../shared/persistence/refund-repository.ts';
import type { RefundAttempt } from './attempt-refund.ts';

interface Dependencies {
  readonly refunds: Pick<RefundRepository, 'getOrThrow'>;
  readonly attempt: (
    refund: Refund,
    context: Context,
  ) => Promise<{ readonly value: RefundAttempt; readonly replayed: boolean }>;
  readonly clock: Clock;
}

/**
 * Executes a refund at the gateway, exactly once. Its message is deferred until the next attempt is due and
 * ends with the last one.
 */
export const executeRefund =
  ({ refunds, attempt, clock }: Dependencies) =>
  async ({ subject }: Pick<DomainEvent, 'subject'>, context: Context): Promise<HandlingResult> => {
    const refund = await refunds.getOrThrow(subject);
    const { refundId, paymentId, status, attempts, dueAt = '' } = refund;
    const ids = { refundId, paymentId };
    const msUntil = (due: string) => Date.parse(due) - clock.now().getTime();
    const deferUntil = (due: string) =>
      deferOrLeaveToSweeper(
        { ms: msUntil(due), until: due },
        `${refundId}: next attempt not due`,
        ids,
      );
    if (status !== 'REQUESTED') return { outcome: status, ...ids };
    // The first attempt is due immediately, whatever the clock of another host says.
    if (attempts > 0 && msUntil(dueAt) > 0) return deferUntil(dueAt);
    const { value, replayed } = await attempt(refund, context);
    // The message that made the attempt waits for the next one; a duplicate must not wait as well.
    if (replayed) return { outcome: 'duplicate', replayed, ...ids };
    if (value.dueAt !== undefined) return deferUntil(value.dueAt);

    return { outcome: value.status, ...ids, version: value.version };
  };
