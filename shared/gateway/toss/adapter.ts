import { systemTimers, type Timers } from '../../config/timers.ts';
import { within } from '../deadline.ts';
import type { ChargeReference, Declined, PaymentGateway } from '../payment-gateway.ts';
import { tossClient } from './client.ts';
import {
  cancelOutcome,
  chargeOutcome,
  foundPayment,
  inquiryOutcome,
  knownRefund,
  reasonOf,
  refundInquiryOutcome,
  refundOutcome,
} from './outcomes.ts';

export interface TossGatewayOptions {
  readonly url: string;
  readonly secretKey: string;
  /** For one call of the port, however many requests it takes. */
  readonly timeoutMs: number;
  readonly timers?: Timers;
}

/**
 * Toss Payments. Our reference is its orderId. The payment method of a charge is the paymentKey that its checkout window gave the
 * buyer's client: Toss knows the payment from then on, and confirming it is what moves the money.
 */
export const tossGateway = ({
  url,
  secretKey,
  timeoutMs,
  timers = systemTimers,
}: TossGatewayOptions): PaymentGateway => {
  const call = () => tossClient({ url, secretKey, send: within(timeoutMs, timers) });

  return {
    charge: async (asked) => {
      if (asked.currency !== 'KRW') return notInWon;
      const { key, reference: orderId, amount, paymentMethod: paymentKey } = asked;

      return chargeOutcome(
        await call().post('/v1/payments/confirm', key, { paymentKey, orderId, amount }),
        asked,
      );
    },
    inquire: async (asked) => inquiryOutcome(await call().get(orderPath(asked)), asked),
    cancel: async (asked) => cancelOutcome(await call().get(orderPath(asked))),
    refund: async (asked) => {
      if (asked.currency !== 'KRW') return notInWon;
      const { post, get } = call();
      // Toss forgets a key after 15 days, but never a refund: sent again later, it would be paid again.
      const found = foundPayment(await get(orderPath(asked)));
      if ('outcome' in found) return found.outcome === 'not-found' ? nothingToRefund : found;
      const known = knownRefund(found, asked);
      if (known) return known;

      return refundOutcome(
        await post(`/v1/payments/${encodeURIComponent(found.paymentKey)}/cancel`, asked.key, {
          cancelReason: reasonOf(asked),
          cancelAmount: asked.amount,
        }),
        asked,
      );
    },
    inquireRefund: async (asked) =>
      asked.currency === 'KRW'
        ? refundInquiryOutcome(await call().get(orderPath(asked)), asked)
        : notInWon,
  };
};

const orderPath = ({ reference }: ChargeReference): string =>
  `/v1/payments/orders/${encodeURIComponent(reference)}`;

/** Toss counts other currencies in whole units with decimals, and a confirmation names none: refused before anything is sent. */
const notInWon: Declined = {
  outcome: 'declined',
  code: 'NOT_SUPPORTED_CURRENCY',
  reason: 'This gateway charges in KRW.',
};

const nothingToRefund: Declined = {
  outcome: 'declined',
  code: 'NOT_FOUND_PAYMENT',
  reason: 'The PG knows no payment of this reference.',
};
