import type { Order } from '../../shared/domain/orders/order.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { balanceAmountOf } from '../../shared/domain/payments/tenders.ts';
import type { Refund } from '../../shared/domain/refunds/refund.ts';
import type { Review } from '../../shared/domain/reviews/review.ts';
import { reviewBody } from '../../shared/http/review-body.ts';
import { traceIdOf } from '../../shared/observability/trace-context.ts';
import type { ReviewEvidenceBody } from './operation.ts';
import type { ReviewEvidence } from './read-evidence.ts';

/** A review with its evidence, without the payment method and without the buyer's request. */
export const reviewEvidenceBody = (
  review: Review,
  { payment, order, compensations, refunds, decisions }: ReviewEvidence,
): ReviewEvidenceBody => ({
  ...reviewBody(review),
  decisions,
  payment: paymentOf(payment),
  ...(order && { order: orderOf(order) }),
  compensations: compensations.map(({ paymentId, ...record }) => record),
  refunds: refunds.map(refundOf),
});

const paymentOf = (payment: Payment): ReviewEvidenceBody['payment'] => ({
  status: payment.status,
  version: payment.version,
  amount: payment.amount,
  balanceAmount: balanceAmountOf(payment),
  gatewayAmount: payment.gatewayAmount,
  currency: payment.currency,
  reservation: payment.reservation,
  attempt: payment.attempt,
  inquiryCount: payment.inquiryCount,
  lastInquiredAt: payment.lastInquiredAt,
  pg: payment.pg,
  failure: payment.failure,
  cancelRequestedAt: payment.cancelRequestedAt,
  cancelReason: payment.cancelReason,
  operatorCancellation: payment.operatorCancellation,
  refunded: payment.refunded,
  refundPending: payment.refundPending,
  gatewayRefunded: payment.gatewayRefunded ?? 0,
  gatewayRefundPending: payment.gatewayRefundPending ?? 0,
  refundedElsewhere: payment.refundedElsewhere,
  dispute: payment.dispute,
  skipped: payment.skipped,
  createdAt: payment.createdAt,
  updatedAt: payment.updatedAt,
  history: payment.history,
  evidence: payment.evidence ?? [],
  traceId: traceIdOf(payment.traceparent),
});

const orderOf = (order: Order): ReviewEvidenceBody['order'] => ({
  status: order.status,
  lines: order.lines,
  couponId: order.couponId,
  subtotal: order.subtotal,
  discount: order.discount,
  total: order.total,
  activePaymentId: order.activePaymentId,
  updatedAt: order.updatedAt,
});

const refundOf = (refund: Refund): ReviewEvidenceBody['refunds'][number] => ({
  refundId: refund.refundId,
  status: refund.status,
  amount: refund.amount,
  balanceAmount: balanceAmountOf(refund),
  gatewayAmount: refund.gatewayAmount,
  lines: refund.lines,
  reason: refund.reason,
  attempts: refund.attempts,
  pg: refund.pg,
  failure: refund.failure,
  skipped: refund.skipped,
  history: refund.history,
});
