import { canBeAsked, isFulfilled } from '../../shared/domain/payments/inquiry-request.ts';
import type { Done } from '../../shared/lambda/sqs-handler.ts';
import { Unanswered } from './errors.ts';
import { later } from './inquire-immediately.ts';
import type { Came, Messages } from './inquiry-message.ts';
import { takeTurn } from './reserve-turn.ts';

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

/** Has a payment compared whose hint is open. Without an answer it stays due, and the sweeper has it compared again. */
export const compareOwed = async (messages: Messages, { payment }: Came): Promise<Done> => {
  const { paymentId, orderId, status, version } = payment;
  await takeTurn(messages, payment);
  const compared = await messages.compare(payment).catch((error: unknown) => {
    if (error instanceof Unanswered) return error.message;
    throw error;
  });

  return { outcome: `${status}, ${compared}`, paymentId, orderId, version };
};
