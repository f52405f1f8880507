import { canBeAsked, isFulfilled } from '../../shared/domain/ask.ts';
import { type Done, Postponed } from '../../shared/runtime/queue-handler.ts';
import type { Came, Messages } from './messages.ts';
import { Unanswered, Unsent } from './unanswered.ts';

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

  const later = retryLater(messages, came);
  if (status === 'FAILED') return later(new Error(`${paymentId} is being compensated`));
  const { value, replayed } = await messages
    .step({ payment, ask: event }, context)
    .catch((error) => {
      if (error instanceof Unsent) throw new Postponed(error.message, error.afterMs);
      if (error instanceof Unanswered) return later(error);
      throw error;
    });
  // Another message asked, perhaps before this one was sent: the payment as it is by now can tell.
  if (replayed && status === 'UNKNOWN') return later(new Error(`${paymentId} was asked`));

  return { outcome: value.status, replayed, paymentId, orderId, attempt, version: value.version };
};

/** Nothing is stored that would remember it, so the message itself tries again: ever less often, and after a day it is a dead letter. */
const retryLater =
  ({ clock, timings }: Messages, { event }: Came) =>
  (error: Error): never => {
    const ageMs = clock.now().getTime() - Date.parse(event.time);
    if (ageMs > timings.keyLifetimeMs) throw error;
    const { 0: least = 0, length } = timings.redeliverAfterMs;
    const most = timings.redeliverAfterMs[length - 1] ?? least;

    throw new Postponed(error.message, Math.min(Math.max(ageMs / 2, least), most));
  };
