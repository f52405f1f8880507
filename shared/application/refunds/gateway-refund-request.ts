import type { Payment } from '../../domain/payments/payment.ts';
import type { Refund } from '../../domain/refunds/refund.ts';
import type { RefundRequest } from '../../gateway/payment-gateway.ts';

/** Builds the gateway request for a refund, used to refund and to inquire about it. */
export const buildRefundRequest = (
  { refundId, paymentId, amount, currency }: Refund,
  { pg }: Pick<Payment, 'pg'>,
): RefundRequest => ({
  key: `rfd:${refundId}`,
  reference: paymentId,
  amount,
  currency,
  ...(pg && { transactionId: pg.transactionId }),
});
