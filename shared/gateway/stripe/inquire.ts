import type {
  Ambiguous,
  ChargeReference,
  GatewayDispute,
  InquiryOutcome,
  NotSent,
} from '../payment-gateway.ts';
import { intentOutcome } from './charge-outcomes.ts';
import { parseLookup, type StripeCaller, type StripeResponse } from './client.ts';
import { finalOutcome, lookUpIntent } from './intents.ts';
import { disputeListResponse, type Intent, type StripeDispute } from './protocol.ts';
import { sumRefunds } from './refund-outcomes.ts';
import { listRefunds } from './refunds.ts';

/**
 * Reads the intent of a charge. A search shows changes late, so the refunded amount comes from the list of
 * refunds, which is never stale. The disputes are read only if Stripe marks the charge as disputed.
 */
export const inquire = async (
  callStripe: StripeCaller,
  request: ChargeReference,
): Promise<InquiryOutcome> => {
  const found = await lookUpIntent(callStripe, request);
  if ('outcome' in found) return found;
  if (found.status !== 'succeeded') return finalOutcome(callStripe, found, request);
  const refunded = sumRefunds(await listRefunds(callStripe, found.id));
  if (typeof refunded !== 'number') return refunded;
  if (!isDisputed(found)) return intentOutcome(found, request, { refunded });
  const dispute = lastDispute(await listDisputes(callStripe, found.id), found);
  if (dispute && 'outcome' in dispute) return dispute;

  return intentOutcome(found, request, { refunded, ...(dispute && { dispute }) });
};

const isDisputed = ({ latest_charge: charge }: Intent): boolean =>
  typeof charge === 'object' && charge !== null && charge.disputed;

/** The newest dispute comes first. */
const listDisputes = (callStripe: StripeCaller, intentId: string): Promise<StripeResponse> =>
  callStripe((stripe) => stripe.disputes.list({ payment_intent: intentId, limit: 1 }));

const lastDispute = (
  response: StripeResponse,
  intent: Intent,
): GatewayDispute | NotSent | Ambiguous | undefined => {
  const page = parseLookup(response, disputeListResponse);
  if ('outcome' in page) return page;
  const [dispute] = page.data;

  return (
    dispute && { id: dispute.id, ...disputedAmount(dispute, intent), status: statusOf(dispute) }
  );
};

/** A dispute in another currency than the charge counts as one about all of it. */
const disputedAmount = ({ amount, currency }: StripeDispute, intent: Intent) => ({
  amount: currency === intent.currency ? amount : intent.amount_received,
});

/**
 * An inquiry of the bank (`warning_...`) is an open dispute that has not moved money yet. A prevented dispute is
 * lost if it has taken money back, and won if it was blocked.
 */
const statusOf = ({ status, balance_transactions }: StripeDispute): GatewayDispute['status'] => {
  switch (status) {
    case 'won':
    case 'warning_closed':
      return 'won';
    case 'lost':
      return 'lost';
    case 'prevented':
      return balance_transactions.reduce((net, { amount }) => net + amount, 0) < 0 ? 'lost' : 'won';
  }

  return 'open';
};
