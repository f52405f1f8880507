import type { CompensationRecord } from '../../shared/domain/compensation/compensation.ts';
import { uncompensatedTargets } from '../../shared/domain/compensation/compensation-target.ts';
import type { Order } from '../../shared/domain/orders/order.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { Refund } from '../../shared/domain/refunds/refund.ts';
import {
  allowedClosingDecisions,
  allowedDecisions,
  allowedDifferenceDecisions,
  type Decision,
  offeredRefundDecisions,
  type Review,
} from '../../shared/domain/reviews/review.ts';
import type { CompensationRepository } from '../../shared/persistence/compensation-repository.ts';
import type { OrderRepository } from '../../shared/persistence/order-repository.ts';
import type { PaymentRepository } from '../../shared/persistence/payment-repository.ts';
import type { RefundRepository } from '../../shared/persistence/refund-repository.ts';

interface Stores {
  readonly payments: Pick<PaymentRepository, 'getOrThrow'>;
  readonly orders: Pick<OrderRepository, 'find'>;
  readonly compensations: Pick<CompensationRepository, 'listByPayment'>;
  readonly refunds: Pick<RefundRepository, 'listByPayment'>;
}

export interface ReviewEvidence {
  readonly payment: Payment;
  readonly order: Order | undefined;
  readonly compensations: readonly CompensationRecord[];
  readonly refunds: readonly Refund[];
  /** The decisions that this evidence allows. */
  readonly decisions: readonly Decision[];
}

export type ReadEvidence = (review: Review) => Promise<ReviewEvidence>;

/** Reads what is stored about the subject of a review. */
export const createEvidenceReader =
  (stores: Stores): ReadEvidence =>
  async (review) => {
    const { paymentId, orderId, refundId } = review;
    const [payment, order, compensations, refunds] = await Promise.all([
      stores.payments.getOrThrow(paymentId),
      stores.orders.find(orderId),
      stores.compensations.listByPayment(paymentId),
      stores.refunds.listByPayment(paymentId),
    ]);
    const refund = refunds.find((each) => each.refundId === refundId);
    const decisionsByKind = {
      refund: () => offeredRefundDecisions(review, refund),
      payment: () =>
        allowedDecisions(review, payment, uncompensatedTargets(payment, compensations)),
      event: () => allowedClosingDecisions(review),
      dispute: () => allowedClosingDecisions(review),
      'gateway-difference': () => allowedDifferenceDecisions(review, payment),
    };
    const decisions = decisionsByKind[review.kind]();

    return { payment, order, compensations, refunds, decisions };
  };
