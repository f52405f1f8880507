import { canBeAsked, isFulfilled } from '../../shared/domain/payments/inquiry-request.ts';
import type { PaymentStatus } from '../../shared/domain/payments/payment-transitions.ts';
import { type Done, Postponed } from '../../shared/lambda/sqs-handler.ts';
import { Unanswered, Unsent } from './errors.ts';
import type { Came, Messages } from './inquiry-message.ts';
import { takeTurn } from './reserve-turn.ts';

/** A charger or a compensation is at work on it, and what the PG says now could not be acted on. */
const isBusy: readonly PaymentStatus[] = ['RESERVED', 'CHARGING', 'FAILED'];

/**
 * Asks once, unless that was done since it was asked for. The payment's own schedule stays as it is, and what follows from the answer
 * is told by the event of its move, as ever.
 */
export const atOnce = async (messages: Messages, came: Came): Promise<Done> => {
  const { payment, event, context } = came;
  const { paymentId, orderId, attempt, status } = payment;
  if (!canBeAsked(payment)) return { outcome: status, paymentId, orderId };
  if (isFulfilled(event, payment))
    return { outcome: 'asked before', replayed: true, paymentId, orderId };
  if (isBusy.includes(status)) return whenDecided(messages, came);

  await takeTurn(messages, payment);
  const { value, replayed } = await messages
    .step({ payment, ask: event }, context)
    .catch(later(messages, came));

  return { outcome: value.status, replayed, paymentId, orderId, attempt, version: value.version };
};

/**
 * The message waits, ever longer, for what is under way to end. Where that takes long, the payment itself remembers it: it is due when it
 * has been compensated, and the sweeper has the PG asked then.
 */
const whenDecided = async (messages: Messages, { payment, event }: Came): Promise<Done> => {
  const { paymentId, orderId, status } = payment;
  const pause = pauseOf(messages, event);
  if (pause !== undefined) throw new Postponed(`${paymentId} is ${status}`, pause);
  await messages.payments.hint(payment, event.time);

  return { outcome: 'left to the sweeper', paymentId, orderId };
};

/** Half the message's age, within the pauses of a redelivery; none where it would be longer than the longest of them. */
const pauseOf = (
  { clock, timings: { redeliverAfterMs } }: Messages,
  { time }: Came['event'],
): number | undefined => {
  const half = (clock.now().getTime() - Date.parse(time)) / 2;
  const most = redeliverAfterMs.at(-1) ?? 0;

  return half > most ? undefined : Math.max(half, redeliverAfterMs[0] ?? 0);
};

/** Nothing is stored that would remember it, so the message itself tries again: ever less often, and after a day it is a dead letter. */
export const later =
  (messages: Messages, { event }: Came) =>
  (error: unknown): never => {
    const { clock, timings } = messages;
    const ageMs = clock.now().getTime() - Date.parse(event.time);
    if (error instanceof Unsent) throw new Postponed(error.message, error.afterMs);
    if (!(error instanceof Unanswered) || ageMs > timings.keyLifetimeMs) throw error;

    throw new Postponed(
      error.message,
      pauseOf(messages, event) ?? timings.redeliverAfterMs.at(-1) ?? 0,
    );
  };
