import { declineTable } from '../decline-table.ts';

/**
 * The simulator's codes for a charge that mean: declined, no money moved. The adapter trusts no others. As at
 * a real gateway, the buyer does not see that a card is stolen.
 */
export const simulatorDeclineTable = declineTable({
  'card-declined': ['do_not_honor', 'stolen_card'],
  'insufficient-funds': ['insufficient_funds'],
  'expired-card': ['expired_card'],
  'invalid-card': ['unknown_payment_method'],
  'authentication-failed': ['authentication_failed', 'authentication_expired'],
  'limit-exceeded': ['limit_exceeded'],
  'method-not-supported': ['card_not_supported', 'payment_method_mismatch'],
  'try-again-later': ['issuer_unavailable', 'reference_cancelled'],
});

/** Those of a charge that was cancelled, or whose challenge has expired. */
export const cancelledCodes: readonly string[] = ['reference_cancelled', 'authentication_expired'];

/** The same for a refund: a buyer sees no more than that it was declined. */
export const refundDeclineCodes: readonly string[] = [
  'charge_not_found',
  'refund_exceeds_captured',
  'currency_mismatch',
  'refund_declined',
  'refund_failed',
];
