import type { Delays } from '../../../../shared/simulators/gateway/behaviours.ts';
import { approve, decline, type StripeBehaviour, withRefund } from './behaviours.ts';

const challenged = (behaviour: StripeBehaviour): StripeBehaviour => ({
  ...behaviour,
  isChallenged: true,
});

/** A decline whose `code` says all: Stripe gives no `decline_code` with it. */
const declineBy = (errorCode: string): StripeBehaviour => ({
  ...approve,
  effect: 'declined',
  errorCode,
});

/** Stripe's own test PaymentMethods, as docs.stripe.com/testing lists them. */
export const stripeTestCards = ({
  inProgressMs,
  slowMs,
}: Delays): ReadonlyMap<string, StripeBehaviour> =>
  new Map<string, StripeBehaviour>([
    ['pm_card_visa', approve],
    ['pm_card_mastercard', approve],
    ['pm_card_amex', approve],
    ['pm_card_visa_chargeDeclined', decline('generic_decline')],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', decline('insufficient_funds')],
    ['pm_card_visa_chargeDeclinedLostCard', decline('lost_card')],
    ['pm_card_visa_chargeDeclinedStolenCard', decline('stolen_card')],
    ['pm_card_visa_chargeDeclinedVelocityLimitExceeded', decline('card_velocity_exceeded')],
    ['pm_card_chargeDeclinedExpiredCard', declineBy('expired_card')],
    ['pm_card_chargeDeclinedIncorrectCvc', declineBy('incorrect_cvc')],
    ['pm_card_chargeDeclinedProcessingError', declineBy('processing_error')],
    // Frictionless: the card supports 3-D Secure, or not, and its bank asks for nothing.
    ['pm_card_threeDSecureOptional', approve],
    ['pm_card_amex_threeDSecureNotSupported', approve],
    ['pm_card_authenticationRequired', challenged(approve)],
    ['pm_card_authenticationRequiredOnSetup', challenged(approve)],
    ['pm_card_threeDSecure2Required', challenged(approve)],
    [
      'pm_card_authenticationRequiredChargeDeclinedInsufficientFunds',
      challenged(decline('insufficient_funds')),
    ],
    ['pm_card_threeDSecureRequiredChargeDeclined', challenged(decline('generic_decline'))],
    ['pm_card_createDispute', { ...approve, disputeStatus: 'needs_response' }],
    ['pm_card_createDisputeProductNotReceived', { ...approve, disputeStatus: 'needs_response' }],
    ['pm_card_createDisputeInquiry', { ...approve, disputeStatus: 'warning_needs_response' }],
    ['pm_card_pendingRefund', withRefund({ settlesAfterMs: inProgressMs })],
    ['pm_card_refundFail', withRefund({ failsAfterMs: slowMs })],
  ]);
