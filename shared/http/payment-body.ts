import { buyerStatus, type Payment, type PaymentStatus } from '../domain/payments/payment.ts';
import type { PaymentBody } from './schemas/payment.ts';

export const paymentLinks = (paymentId: string) => ({
  self: `/payments/${paymentId}`,
  timeline: `/payments/${paymentId}/timeline`,
});

/** It failed for a reason that the late charge has proved wrong. */
const lateCaptureReasons: Readonly<Partial<Record<PaymentStatus, string>>> = {
  LATE_CAPTURED: 'It was charged after it had failed, and the money is being given back.',
  REVERSED: 'It was charged after it had failed, and the money was given back.',
};

/** What a buyer sees of a payment: never how it is paid, what was asked or what was seen at the PG. */
export const paymentBody = (payment: Payment): PaymentBody => {
  const { paymentId, orderId, status: stage } = payment;
  // What was under review may have ended well.
  const failure = stage === 'COMPLETED' ? undefined : payment.failure;
  const reason = lateCaptureReasons[stage] ?? failure?.reason ?? '';

  return {
    paymentId,
    orderId,
    status: buyerStatus(payment),
    stage,
    amount: payment.amount,
    currency: payment.currency,
    version: payment.version,
    createdAt: payment.createdAt,
    updatedAt: payment.updatedAt,
    ...(failure && { failure: { code: failure.code, reason } }),
    refunded: payment.refunded,
    links: paymentLinks(paymentId),
  };
};
