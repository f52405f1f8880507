import { canBeAsked, isFulfilled } from '../../shared/domain/ask.ts';
import type { Done } from '../../shared/runtime/queue-handler.ts';
import { later } from './at-once.ts';
import type { Came, Messages } from './messages.ts';
import { takeTurn } from './take-turn.ts';

/** Has a payment that has ended compared with the gateway, unless that was done since it was asked for. */
export const compareNow = async (messages: Messages, came: Came): Promise<Done> => {
  const { payment, event } = came;
  const { paymentId, orderId, status, version } = payment;
  const ids = { paymentId, orderId, version };
  if (!canBeAsked(payment)) return { outcome: status, ...ids };
  if (isFulfilled(event, payment)) return { outcome: 'asked before', replayed: true, ...ids };
  await takeTurn(messages, payment);
  const compared = await messages.compare(payment).catch(later(messages, came));

  return { outcome: `${status}, ${compared}`, ...ids };
};
