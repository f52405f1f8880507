import type { Context } from 'aws-lambda';
import type { Payments } from '../../shared/data/payments.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import type { DomainEvent } from '../../shared/domain/events.ts';
import type { Payment } from '../../shared/domain/payment.ts';
import { type Done, Postponed } from '../../shared/runtime/queue-handler.ts';
import type { Inquired } from './inquiry.ts';

interface Dependencies {
  readonly payments: Pick<Payments, 'existing'>;
  readonly inquire: (
    payment: Payment,
    context: Context,
  ) => Promise<{ readonly value: Inquired; readonly replayed: boolean }>;
  readonly clock: Clock;
}

/** Inquires about a payment until its outcome is known: its message waits for each inquiry, and ends with the last. */
export const inquirePayment =
  ({ payments, inquire, clock }: Dependencies) =>
  async ({ subject }: Pick<DomainEvent, 'subject'>, context: Context): Promise<Done> => {
    const payment = await payments.existing(subject);
    const { paymentId, orderId, attempt } = payment;
    const waitFor = ({ status, dueAt = '' }: Inquired): void => {
      const wait = Date.parse(dueAt) - clock.now().getTime();
      if (status === 'UNKNOWN' && wait > 0) throw new Postponed(`${paymentId} is not due`, wait);
    };
    if (payment.status !== 'UNKNOWN') return { outcome: payment.status, paymentId, orderId };
    waitFor(payment);
    const { value, replayed } = await inquire(payment, context);
    // Whoever made the inquiry waits for the next one; a duplicate of it would wait for ever beside it.
    if (!replayed) waitFor(value);
    const outcome = replayed ? 'inquired before' : value.status;

    return { outcome, paymentId, orderId, attempt, version: value.version };
  };
