import { gatewayReferenceOf } from '../../domain/payments/charge-reference.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import type { Refund } from '../../domain/refunds/refund.ts';
import type { RefundRequest } from '../../gateway/payment-gateway.ts';

/** Builds the gateway request for the gateway's part of a refund, used to refund and to inquire about it. */
export const buildRefundRequest = (
  { refundId, gatewayAmount, currency }: Refund,
  payment: Pick<Payment, 'paymentId' | 'attempt' | 'pg'>,
): RefundRequest => ({
  key: `rfd:${refundId}`,
  reference: gatewayReferenceOf(payment),
  amount: gatewayAmount,
  currency,
  ...(payment.pg && { transactionId: payment.pg.transactionId }),
});
