import type { Context } from 'aws-lambda';
import type { Clock } from '../../shared/domain/clock.ts';
import type { DomainEvent } from '../../shared/domain/events/domain-event.ts';
import type { Refund } from '../../shared/domain/refunds/refund.ts';
import { type Done, waitFor } from '../../shared/lambda/sqs-handler.ts';
import type { Refunds } from '../../shared/persistence/refund-repository.ts';
import type { Stepped } from './attempt-refund.ts';

interface Messages {
  readonly refunds: Pick<Refunds, 'existing'>;
  readonly step: (
    refund: Refund,
    context: Context,
  ) => Promise<{ readonly value: Stepped; readonly replayed: boolean }>;
  readonly clock: Clock;
}

/** Pays a refund back at the PG, once, however often that has to be asked for: its message waits for each step, and ends with the last. */
export const executeRefund =
  ({ refunds, step, clock }: Messages) =>
  async ({ subject }: Pick<DomainEvent, 'subject'>, context: Context): Promise<Done> => {
    const refund = await refunds.existing(subject);
    const { refundId, paymentId, status, tries, dueAt = '' } = refund;
    const ids = { refundId, paymentId };
    const until = (due: string) => Date.parse(due) - clock.now().getTime();
    const after = (due: string) =>
      waitFor({ ms: until(due), until: due }, `${refundId} waits for its next step`, ids);
    if (status !== 'REQUESTED') return { outcome: status, ...ids };
    // The first one is due at once, whatever another machine's clock says.
    if (tries > 0 && until(dueAt) > 0) return after(dueAt);
    const { value, replayed } = await step(refund, context);
    // Whoever made the step waits for the next one; a duplicate of it would wait for ever beside it.
    if (replayed) return { outcome: 'asked before', replayed, ...ids };
    if (value.dueAt !== undefined) return after(value.dueAt);

    return { outcome: value.status, ...ids, version: value.version };
  };
