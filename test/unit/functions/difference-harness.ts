import { createCompareWithGateway } from '../../../functions/inquire-payment/compare-with-gateway.ts';
import { createDifferenceReviews } from '../../../shared/application/reviews/difference-reviews.ts';
import { createDisputeReviews } from '../../../shared/application/reviews/dispute-reviews.ts';
import { deriveDifferenceReviewId } from '../../../shared/domain/ids.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import type { Review } from '../../../shared/domain/reviews/review.ts';
import { timings } from '../../../shared/domain/timings.ts';
import type { GatewayDispute, InquiryOutcome } from '../../../shared/gateway/payment-gateway.ts';
import { aBalance, aProduct, noon } from '../../support/builders/builders.ts';
import { aPaidOrder, later } from '../../support/builders/refund-generators.ts';
import { createReviewHarness } from './review-harness.ts';

const lines = [{ sku: 'tea', quantity: 2, unitPrice: 3_500 }];

/** A final payment of 2,000 from the balance and 5,000 by the gateway, the amounts there, and their comparison. */
export const anEndedPayment = (change: Partial<Payment> = {}) => {
  const harness = createReviewHarness();
  const { order, payment } = aPaidOrder({ userId: 'alice', lines });
  const { paymentId } = payment;
  harness.tables.put('Orders', order);
  harness.tables.put('Payments', { ...payment, ...change });
  harness.tables.put('Balances', aBalance({ userId: 'alice', available: 0, spent: 2_000 }));
  harness.tables.put('Products', aProduct({ sku: 'tea', sold: 2 }));
  const world = {
    now: later(3_600),
    duringInquiry: () => {},
    /** The gateway's answers about other attempts, by reference. */
    others: new Map<string, InquiryOutcome>(),
  };
  const clock = { now: () => world.now };
  const stored = () => harness.tables.items<Payment>('Payments')[0] as Payment;
  const compare = createCompareWithGateway({
    gateway: {
      inquire: async ({ reference }) => {
        world.duringInquiry();

        return world.others.get(reference) ?? harness.gateway.inquire();
      },
    },
    payments: harness.stores.payments,
    disputes: createDisputeReviews(harness.stores),
    differences: createDifferenceReviews(harness.stores),
    clock,
    timings: timings.local,
  });

  return {
    ...harness,
    world,
    stored,
    reviews: () => harness.tables.items<Review>('Reviews'),
    id: (count: number) => deriveDifferenceReviewId(paymentId, count),
    /** The gateway holds this amount now. */
    holds: (captured: number, refunded: number) => harness.gateway.has(captured, refunded),
    /** The gateway states this dispute about all that it captured. */
    disputes: (dispute: GatewayDispute) =>
      harness.gateway.says({
        inquire: {
          outcome: 'approved',
          transactionId: 'txn_1',
          approvedAt: noon.toISOString(),
          captured: 5_000,
          refunded: change.status === 'REVERSED' ? 5_000 : 0,
          dispute,
        },
      }),
    compare: () => compare(stored()),
    put: (payment: Payment) => harness.tables.put('Payments', payment),
    paid: { order, payment: { ...payment, ...change } },
  };
};
