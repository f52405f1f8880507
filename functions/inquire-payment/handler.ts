import type { Context } from 'aws-lambda';
import type { DomainEvent } from '../../shared/domain/events.ts';
import { type Done, longestDelayMs, Postponed } from '../../shared/runtime/queue-handler.ts';
import type { Messages } from './messages.ts';
import { dueOf } from './next-step.ts';

/** Asks the PG about a payment until nothing more is to be known: its message waits for each step, and ends with the last. */
export const inquirePayment =
  ({ payments, step, clock, timings }: Messages) =>
  async ({ subject }: Pick<DomainEvent, 'subject'>, context: Context): Promise<Done> => {
    const leftUntil = (due: string) => Date.parse(due) - clock.now().getTime();
    const payment = await payments.existing(subject);
    const { paymentId, orderId, attempt, status } = payment;
    const after = (ms: number): Done => {
      if (ms <= longestDelayMs) throw new Postponed(`${subject} waits for its next step`, ms);

      return { outcome: 'left to the sweeper', paymentId, orderId };
    };
    const due = dueOf(payment);
    if (due === undefined) return { outcome: status, paymentId, orderId };
    // A failure waits for the end of its compensation, however long ago its check was due.
    const least = status === 'FAILED' ? (timings.redeliverAfterMs.at(-1) ?? 0) : 0;
    const left = Math.max(leftUntil(due), least);
    if (left > 0) return after(left);
    const { value, replayed } = await step(payment, context);
    const { dueAt, status: outcome, version } = value;
    // Whoever made the step waits for the next one; a duplicate of it would wait for ever beside it.
    if (replayed) return { outcome: 'asked before', replayed, paymentId, orderId, attempt };
    if (dueAt !== undefined) return after(leftUntil(dueAt));

    return { outcome, paymentId, orderId, attempt, version };
  };
