import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { refundsOfPayment, truthOfPayment } from '../gateways/payment-truth.ts';
import type { RunRecord } from '../run-record.ts';
import { reviewsOf } from './stored-items.ts';

/**
 * Payment methods whose outcome the gateway changes after a documented answer. Only a webhook reports it: a
 * capture after a decline or after a cancelled charge, a refund that fails after it had succeeded.
 */
const changesOutcome = /decline_late_approve|challenge_late|refund_fails_later/;

/** Payment methods with which the gateway captures after it had no charge, had declined or had cancelled it. */
const capturesLate = /late_approve|challenge_late/;

/** Whether the payment was ever to be charged with a payment method of such a name. */
export const isPaidWith = (
  { gateway, paymentMethods }: RunRecord,
  { paymentId, paymentMethod }: Payment,
  pattern: RegExp,
): boolean =>
  [
    ...(paymentMethods.get(paymentId) ?? []),
    ...(paymentMethod === undefined ? [] : [paymentMethod]),
  ].some((token) => pattern.test(gateway.methodOf(token)));

export const mayCaptureLate = (run: RunRecord, payment: Payment): boolean =>
  isPaidWith(run, payment, capturesLate);

/** Whether an operator has refunded the charge in the gateway's dashboard. */
export const isRefundedByHand = ({ gateway }: RunRecord, { paymentId }: Payment): boolean =>
  refundsOfPayment(gateway, paymentId) > truthOfPayment(gateway, paymentId).refundKeys.length;

/** What the gateway holds of a payment: captured less refunded, in minor units. */
export const netAtGateway = ({ gateway }: RunRecord, { paymentId }: Payment): number => {
  const { captured, refunded } = truthOfPayment(gateway, paymentId);

  return captured - refunded;
};

/**
 * Whether the service cannot know what the gateway holds: only a webhook reports it, and a fault lost webhooks of this
 * payment.
 */
const isWebhookMissing = (run: RunRecord, payment: Payment): boolean =>
  run.lostWebhooks.has(payment.paymentId) &&
  (isPaidWith(run, payment, changesOutcome) || isRefundedByHand(run, payment));

/**
 * Whether exactly this difference is in a review: open, or accepted by an operator who left the payment as it is.
 * `amount` is negative if the gateway holds less than we say.
 */
const isReviewed = (run: RunRecord, { paymentId }: Payment, amount: number): boolean =>
  reviewsOf(run).some(
    ({ kind, difference, reconciledAt, ...review }) =>
      kind === 'gateway-difference' &&
      review.paymentId === paymentId &&
      reconciledAt === undefined &&
      difference?.amount === amount,
  );

/** Whether the gateway may differ from the payment by this amount. */
export const isKnownDifference = (run: RunRecord, payment: Payment, amount: number): boolean =>
  isWebhookMissing(run, payment) || isReviewed(run, payment, amount);
