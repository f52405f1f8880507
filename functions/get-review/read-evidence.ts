import type { Compensation } from '../../shared/domain/compensation/compensation.ts';
import type { Order } from '../../shared/domain/orders/order.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { Refund } from '../../shared/domain/refunds/refund.ts';
import {
  type Decision,
  decisionsFor,
  differenceDecisionsFor,
  eventDecisionsFor,
  offeredRefundDecisions,
  type Review,
} from '../../shared/domain/reviews/review.ts';
import { type Compensations, missingOf } from '../../shared/persistence/compensation-repository.ts';
import type { Orders } from '../../shared/persistence/order-repository.ts';
import type { Payments } from '../../shared/persistence/payment-repository.ts';
import type { Refunds } from '../../shared/persistence/refund-repository.ts';

interface Stores {
  readonly payments: Pick<Payments, 'existing'>;
  readonly orders: Pick<Orders, 'find'>;
  readonly compensations: Pick<Compensations, 'of'>;
  readonly refunds: Pick<Refunds, 'ofPayment'>;
}

export interface Evidence {
  readonly payment: Payment;
  readonly order: Order | undefined;
  readonly compensations: readonly Compensation[];
  readonly refunds: readonly Refund[];
  /** What may be decided by it. */
  readonly decisions: readonly Decision[];
}

export type Gather = (review: Review) => Promise<Evidence>;

/** All that is stored of what is under review. */
export const evidenceIn =
  (stores: Stores): Gather =>
  async (review) => {
    const { paymentId, orderId, refundId } = review;
    const [payment, order, compensations, refunds] = await Promise.all([
      stores.payments.existing(paymentId),
      stores.orders.find(orderId),
      stores.compensations.of(paymentId),
      stores.refunds.ofPayment(paymentId),
    ]);
    const refund = refunds.find((each) => each.refundId === refundId);
    const decisionsOf = {
      refund: () => offeredRefundDecisions(review, refund),
      payment: () => decisionsFor(review, payment, missingOf(payment, compensations)),
      event: () => eventDecisionsFor(review),
      'gateway-difference': () => differenceDecisionsFor(review, payment),
    };
    const decisions = decisionsOf[review.kind]();

    return { payment, order, compensations, refunds, decisions };
  };
