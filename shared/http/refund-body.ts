import { compensationTarget } from '../domain/compensation/compensation-target.ts';
import { buyerRefundFailureOf } from '../domain/payments/buyer-failure.ts';
import { balanceAmountOf } from '../domain/payments/tenders.ts';
import type { Refund, RefundLine } from '../domain/refunds/refund.ts';
import type { RefundBody } from './schemas/refund.ts';

export const refundLinks = ({ refundId, paymentId }: Pick<Refund, 'refundId' | 'paymentId'>) => ({
  self: `/refunds/${refundId}`,
  payment: `/payments/${paymentId}`,
});

/** A refund as its buyer sees it, without gateway calls and evidence. */
export const refundBody = (refund: Refund): RefundBody => {
  const { failure } = refund;

  return {
    refundId: refund.refundId,
    paymentId: refund.paymentId,
    orderId: refund.orderId,
    status: refund.status,
    amount: refund.amount,
    balanceAmount: balanceAmountOf(refund),
    gatewayAmount: refund.gatewayAmount,
    currency: refund.currency,
    lines: refund.lines.map((line) => ({
      ...line,
      ...(isNotRestocked(refund, line) && { restocked: false }),
    })),
    reason: refund.reason,
    version: refund.version,
    createdAt: refund.createdAt,
    updatedAt: refund.updatedAt,
    ...(failure && { failure: buyerRefundFailureOf(failure) }),
    links: refundLinks(refund),
  };
};

/** Whether restocking was skipped because the product is missing. */
const isNotRestocked = ({ skipped = [] }: Refund, { sku, restock }: RefundLine): boolean =>
  restock && skipped.some(({ target }) => target === compensationTarget.stock(sku));
