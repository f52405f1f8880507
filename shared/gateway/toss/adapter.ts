import { type DeadlineOptions, withDeadline } from '../deadline.ts';
import { declinedCharge } from '../decline-table.ts';
import type { Declined, PaymentGateway } from '../payment-gateway.ts';
import { createTossClient } from './client.ts';
import { tossDeclineTable } from './decline-table.ts';
import { lookUpPayment, paymentPath } from './lookup.ts';
import {
  cancelOutcome,
  cancelReasonOf,
  chargeOutcome,
  findPayment,
  findRefund,
  inquiryOutcome,
  isConclusive,
  isUnclearRefusal,
  refundInquiryOutcome,
  refundOutcome,
} from './outcomes.ts';

export interface TossGatewayOptions extends DeadlineOptions {
  readonly url: string;
  readonly secretKey: string;
}

/**
 * The adapter for Toss Payments. Our reference is its orderId. The payment method of a charge is the
 * paymentKey that Toss's checkout window gave the buyer's client. The payment exists at Toss from then on;
 * confirming it moves the money. Before that, Toss compares orderId and amount with those of the window.
 */
export const createTossGateway = ({
  url,
  secretKey,
  ...deadline
}: TossGatewayOptions): PaymentGateway => {
  const createClient = () => createTossClient({ url, secretKey, send: withDeadline(deadline) });

  return {
    charge: async (request) => {
      if (request.currency !== 'KRW') return currencyNotSupported;
      const { key, reference: orderId, amount, paymentMethod: paymentKey } = request;

      const client = createClient();
      const confirmation = { paymentKey, orderId, amount };
      const answer = await client.post('/v1/payments/confirm', key, confirmation);
      const outcome = chargeOutcome(answer, request);
      if (!isUnclearRefusal(answer)) return outcome;
      const found = inquiryOutcome(await lookUpPayment(client, request), request);

      return isConclusive(found) ? found : outcome;
    },
    inquire: async (request) =>
      inquiryOutcome(await lookUpPayment(createClient(), request), request),
    cancel: async (request) => cancelOutcome(await lookUpPayment(createClient(), request)),
    refund: async (request) => {
      if (request.currency !== 'KRW') return currencyNotSupported;
      const client = createClient();
      // Toss deletes a key after 15 days, but never a refund: the same key sent later would refund again.
      const found = findPayment(await lookUpPayment(client, request));
      if ('outcome' in found) return found.outcome === 'not-found' ? paymentNotFound : found;
      const existing = findRefund(found, request);
      if (existing) return existing;

      return refundOutcome(
        await client.post(`${paymentPath(found.paymentKey)}/cancel`, request.key, {
          cancelReason: cancelReasonOf(request),
          cancelAmount: request.amount,
        }),
        request,
      );
    },
    inquireRefund: async (request) =>
      request.currency === 'KRW'
        ? refundInquiryOutcome(await lookUpPayment(createClient(), request), request)
        : currencyNotSupported,
  };
};

/**
 * Toss uses decimal amounts for other currencies, and a confirmation names no currency: declines before
 * anything is sent.
 */
const currencyNotSupported = declinedCharge(
  tossDeclineTable,
  'NOT_SUPPORTED_CURRENCY',
  'This gateway charges in KRW.',
);

const paymentNotFound: Declined = {
  outcome: 'declined',
  code: 'NOT_FOUND_PAYMENT',
  reason: 'The gateway has no payment with this reference.',
};
