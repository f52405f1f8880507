import { type DeadlineOptions, withDeadline } from '../deadline.ts';
import type { PaymentGateway } from '../payment-gateway.ts';
import { cancel } from './cancel.ts';
import { charge } from './charge.ts';
import { createStripeCaller } from './client.ts';
import { inquire } from './inquire.ts';
import { inquireRefund, refund } from './refunds.ts';
import { declineUnsupportedAmount } from './supported-amounts.ts';

export interface StripeGatewayOptions extends DeadlineOptions {
  readonly url: string;
  readonly secretKey: string;
}

/**
 * The adapter for Stripe. A charge is a PaymentIntent with our reference in its metadata. The search index shows
 * it within a minute, in an outage within an hour. An empty search result therefore proves nothing: `cancel`
 * closes the charge's idempotency key instead.
 */
export const createStripeGateway = ({
  url,
  secretKey,
  ...deadline
}: StripeGatewayOptions): PaymentGateway => {
  const createCaller = () => createStripeCaller({ url, secretKey, send: withDeadline(deadline) });

  return {
    charge: async (request) => declineUnsupportedAmount(request) ?? charge(createCaller(), request),
    inquire: (request) => inquire(createCaller(), request),
    cancel: (request) => cancel(createCaller(), request),
    refund: async (request) => declineUnsupportedAmount(request) ?? refund(createCaller(), request),
    inquireRefund: async (request) =>
      declineUnsupportedAmount(request) ?? inquireRefund(createCaller(), request),
  };
};
