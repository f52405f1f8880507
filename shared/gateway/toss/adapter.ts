import { type DeadlineOptions, withDeadline } from '../deadline.ts';
import { declinedCharge } from '../decline-table.ts';
import type { ChargeReference, Declined, PaymentGateway } from '../payment-gateway.ts';
import { createTossClient } from './client.ts';
import { tossDeclineTable } from './decline-table.ts';
import {
  cancelOutcome,
  cancelReasonOf,
  chargeOutcome,
  findPayment,
  findRefund,
  inquiryOutcome,
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
 * confirming it moves the money.
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

      return chargeOutcome(
        await createClient().post('/v1/payments/confirm', key, { paymentKey, orderId, amount }),
        request,
      );
    },
    inquire: async (request) =>
      inquiryOutcome(await createClient().get(orderPath(request)), request),
    cancel: async (request) => cancelOutcome(await createClient().get(orderPath(request))),
    refund: async (request) => {
      if (request.currency !== 'KRW') return currencyNotSupported;
      const { post, get } = createClient();
      // Toss deletes a key after 15 days, but never a refund: the same key sent later would refund again.
      const found = findPayment(await get(orderPath(request)));
      if ('outcome' in found) return found.outcome === 'not-found' ? paymentNotFound : found;
      const existing = findRefund(found, request);
      if (existing) return existing;

      return refundOutcome(
        await post(`/v1/payments/${encodeURIComponent(found.paymentKey)}/cancel`, request.key, {
          cancelReason: cancelReasonOf(request),
          cancelAmount: request.amount,
        }),
        request,
      );
    },
    inquireRefund: async (request) =>
      request.currency === 'KRW'
        ? refundInquiryOutcome(await createClient().get(orderPath(request)), request)
        : currencyNotSupported,
  };
};

const orderPath = ({ reference }: ChargeReference): string =>
  `/v1/payments/orders/${encodeURIComponent(reference)}`;

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
