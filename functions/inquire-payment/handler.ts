import type { Context } from 'aws-lambda';
import type { Payments } from '../../shared/data/payments.ts';
import type { DomainEvent } from '../../shared/domain/events.ts';
import type { Payment } from '../../shared/domain/payment.ts';
import { type Done, Postponed } from '../../shared/runtime/queue-handler.ts';
import type { Dependencies } from './dependencies.ts';
import { dueOf, type Stepped } from './next-step.ts';

interface Messages extends Pick<Dependencies, 'clock' | 'timings'> {
  readonly payments: Pick<Payments, 'existing'>;
  readonly step: (
    payment: Payment,
    context: Context,
  ) => Promise<{ readonly value: Stepped; readonly replayed: boolean }>;
}

/** Asks the PG about a payment until nothing more is to be known: its message waits for each step, and ends with the last. */
export const inquirePayment =
  ({ payments, step, clock, timings }: Messages) =>
  async ({ subject }: Pick<DomainEvent, 'subject'>, context: Context): Promise<Done> => {
    const leftUntil = (due: string) => Date.parse(due) - clock.now().getTime();
    const payment = await payments.existing(subject);
    const { paymentId, orderId, attempt, status } = payment;
    const due = dueOf(payment);
    if (due === undefined) return { outcome: status, paymentId, orderId };
    // A failure waits for the end of its compensation, however long ago its check was due.
    const least = status === 'FAILED' ? (timings.redeliverAfterMs.at(-1) ?? 0) : 0;
    const left = Math.max(leftUntil(due), least);
    if (left > 0) throw new Postponed(`${subject} is not due`, left);

    const { value, replayed } = await step(payment, context);
    const { dueAt, status: outcome, version } = value;
    // Whoever made the step waits for the next one; a duplicate of it would wait for ever beside it.
    if (replayed) return { outcome: 'asked before', paymentId, orderId, attempt };
    if (dueAt !== undefined) throw new Postponed(`${subject} goes on`, leftUntil(dueAt));

    return { outcome, paymentId, orderId, attempt, version };
  };
