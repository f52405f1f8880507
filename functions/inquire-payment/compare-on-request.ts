import { isInquirable, isInquiryAnswered } from '../../shared/domain/payments/inquiry-request.ts';
import type { HandlingResult } from '../../shared/lambda/message-deferral.ts';
import { GatewayNoResponseError } from './errors.ts';
import { deferOrRethrow } from './inquire-immediately.ts';
import type { InquiryDependencies, InquiryMessage } from './inquiry-message.ts';
import { reserveTurn } from './reserve-turn.ts';

/** Has a payment that has ended compared with the gateway, unless that was done since it was asked for. */
export const compareOnRequest = async (
  deps: InquiryDependencies,
  message: InquiryMessage,
): Promise<HandlingResult> => {
  const { payment, event } = message;
  const { paymentId, orderId, status, version } = payment;
  const ids = { paymentId, orderId, version };
  if (!isInquirable(payment)) return { outcome: status, ...ids };
  if (isInquiryAnswered(event, payment)) return { outcome: 'duplicate', replayed: true, ...ids };
  await reserveTurn(deps, payment);
  const result = await deps.compare(payment).catch(deferOrRethrow(deps, message));

  return { outcome: `${status}, ${result}`, ...ids };
};

/** Has a payment compared whose hint is open. Without an answer it stays due, and the sweeper has it compared again. */
export const comparePending = async (
  deps: InquiryDependencies,
  { payment }: InquiryMessage,
): Promise<HandlingResult> => {
  const { paymentId, orderId, status, version } = payment;
  await reserveTurn(deps, payment);
  const result = await deps.compare(payment).catch((error: unknown) => {
    if (error instanceof GatewayNoResponseError) return error.message;
    throw error;
  });

  return { outcome: `${status}, ${result}`, paymentId, orderId, version };
};
