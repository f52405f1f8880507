import type { Payment } from '../../domain/payments/payment.ts';
import type { Refund } from '../../domain/refunds/refund.ts';
import type { RefundRequest } from '../../gateway/payment-gateway.ts';

/** A refund as the PG is asked for it, and about it. */
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
