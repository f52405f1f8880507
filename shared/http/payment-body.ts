import { buyerFailureOf } from '../domain/payments/buyer-failure.ts';
import { buyerStatus, isReleased } from '../domain/payments/buyer-status.ts';
import type { Payment, PaymentStatus } from '../domain/payments/payment.ts';
import { balanceAmountOf } from '../domain/payments/tenders.ts';
import type { PaymentBody } from './schemas/payment.ts';

export const paymentLinks = (paymentId: string) => ({
  self: `/payments/${paymentId}`,
  timeline: `/payments/${paymentId}/timeline`,
});

/** Replaces the reason of the failure, which no longer holds after a late capture. */
const lateCaptureReasons: Readonly<Partial<Record<PaymentStatus, string>>> = {
  LATE_CAPTURED: 'The payment was captured after it had failed and is being refunded.',
  REVERSED: 'The payment was captured after it had failed and was refunded.',
};

/** A payment as its buyer sees it, without the payment method, gateway calls, evidence and the gateway's words. */
export const paymentBody = (payment: Payment): PaymentBody => {
  const { paymentId, orderId, status: stage } = payment;
  // A payment completed after a review keeps its old failure.
  const failure =
    stage === 'COMPLETED' ? undefined : payment.failure && buyerFailureOf(payment.failure);
  const reason = lateCaptureReasons[stage] ?? failure?.reason ?? '';

  return {
    paymentId,
    orderId,
    status: buyerStatus(payment),
    stage,
    amount: payment.amount,
    balanceAmount: balanceAmountOf(payment),
    gatewayAmount: payment.gatewayAmount,
    currency: payment.currency,
    version: payment.version,
    createdAt: payment.createdAt,
    updatedAt: payment.updatedAt,
    ...(failure && { failure: { code: failure.code, reason } }),
    ...(isReleased(payment) && { released: true as const }),
    refunded: payment.refunded,
    links: paymentLinks(paymentId),
  };
};
