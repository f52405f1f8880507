import type { DomainEvent } from '../../../../shared/domain/events/domain-event.ts';
import { type Refund, transitionRefund } from '../../../../shared/domain/refunds/refund.ts';
import type { RefundInquiryOutcome } from '../../../../shared/gateway/payment-gateway.ts';
import { aBalance, aProduct } from '../../../support/builders/builders.ts';
import { aPaidOrder, aRefund, later } from '../../../support/builders/refund-generators.ts';
import { createReviewHarness, eventBetween } from '../review-harness.ts';

export const paid: RefundInquiryOutcome = {
  outcome: 'refunded',
  refundId: 'rfn_1',
  refundedAt: later(15).toISOString(),
};

export const refused: RefundInquiryOutcome = {
  outcome: 'declined',
  code: 'refund_declined',
  reason: 'no',
};

export const notFound: RefundInquiryOutcome = { outcome: 'not-found' };

export const stored = { pg: { refundId: 'rfn_1', refundedAt: later(15).toISOString() } };

export const down: RefundInquiryOutcome = { outcome: 'not-sent', reason: 'ECONNREFUSED' };

const lines = [
  { sku: 'tea', quantity: 1, unitPrice: 3_500 },
  { sku: 'cup', quantity: 1, unitPrice: 2_500 },
];

/**
 * A tea of 3,500 KRW is returned: 1,000 to the balance, which paid no more, and 2,500 of the 5,000 that the gateway
 * charged. The outcome at the gateway is unknown.
 */
export const anOpenRefundReview = async (given: Partial<Refund> = {}) => {
  const harness = createReviewHarness();
  const paid = aPaidOrder({ userId: 'alice', lines }, 1_000);
  const line = { sku: 'tea', quantity: 1, restock: true };
  const { payment, refund } = aRefund(paid, { lines: [line] }, 'rfd_1', true);
  const reviewed = {
    ...transitionRefund(refund, 'reviewOpened', {
      at: later(20),
      by: 'test',
      change: { failure: { code: 'outcome-unknown', reason: 'unknown', evidence: 'seen' } },
    }),
    ...given,
  };
  harness.tables.put('Orders', paid.order);
  harness.tables.put('Payments', payment);
  harness.tables.put('Refunds', reviewed);
  harness.tables.put('Balances', aBalance({ userId: 'alice', available: 5_000, spent: 1_000 }));
  harness.tables.put('Products', aProduct({ sku: 'tea', available: 98, sold: 2 }));
  const opened: DomainEvent<'RefundReviewOpened'> = eventBetween('refund', refund, reviewed);
  await harness.open(opened);

  return { ...harness, reviewed, reviewId: harness.review().reviewId };
};
