import type { Database } from '../../config/platform.ts';
import { idempotencyKeyReused } from '../../domain/errors.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import { assertBuyerMayRefund } from '../../domain/refunds/buyer-refund-window.ts';
import { openRefund, type RefundCommand } from '../../domain/refunds/open-refund.ts';
import type { PaymentWithRefund, Refund } from '../../domain/refunds/refund.ts';
import type { Item, Write } from '../../persistence/dynamodb/expressions.ts';
import { conflict, retryOnConflict } from '../../persistence/dynamodb/retry-on-conflict.ts';
import { commit } from '../../persistence/dynamodb/transaction.ts';
import type { OrderRepository } from '../../persistence/order-repository.ts';
import type { PaymentRepository } from '../../persistence/payment-repository.ts';
import type { RefundRepository } from '../../persistence/refund-repository.ts';

interface Stores {
  readonly db: Database;
  readonly orders: Pick<OrderRepository, 'find'>;
  readonly payments: Pick<PaymentRepository, 'getOwned' | 'updateWrite'>;
  readonly refunds: Pick<RefundRepository, 'find' | 'insert'>;
}

export interface RequestRefundCommand extends Omit<RefundCommand, 'payment' | 'order'> {
  readonly userId: string;
  readonly paymentId: string;
  /** The requesting function. */
  readonly by: string;
  /** Present if the buyer requests it: how long after the completion it is allowed. */
  readonly buyerWindowMs?: number;
  /** Another write of the same transaction, whose condition a retry of this request does not fail. */
  readonly alsoWrite?: (opened: PaymentWithRefund) => Write;
}

export interface OpenRefundResult {
  readonly refund: Refund;
  /** The refund existed already: this is the result of its first request. */
  readonly replayed: boolean;
}

/** The retry limit: up to this many writers can change the payment concurrently. */
const maxAttempts = 10;

/**
 * Opens a refund in one transaction: stores the refund and reserves its amount and units on the payment.
 * Throws the rejection of a refund that is not possible, or ServiceUnavailableError.
 *
 * The payment's version is the optimistic lock: of two concurrent refunds one has a version conflict and
 * reads again what is refundable.
 */
export const createRequestRefund =
  (stores: Stores) =>
  async (command: RequestRefundCommand, at: Date): Promise<OpenRefundResult> => {
    const result = await retryOnConflict(
      `Payment ${command.paymentId}`,
      () => tryRequestRefund(stores, command, at),
      { maxAttempts },
    );
    if (result.refund.requestHash !== command.requestHash) throw idempotencyKeyReused();

    return result;
  };

const tryRequestRefund = async (
  { db, orders, payments, refunds }: Stores,
  { userId, paymentId, by, buyerWindowMs, alsoWrite, ...selection }: RequestRefundCommand,
  at: Date,
): Promise<OpenRefundResult | typeof conflict> => {
  const payment = await payments.getOwned(userId, paymentId);
  // Read after the payment: what the first request of this key reserved must not reject its replay.
  const stored = await refunds.find(firstRefundIdOf(selection, payment));
  if (stored) return { refund: stored, replayed: true };
  if (buyerWindowMs !== undefined) assertBuyerMayRefund(payment, at, buyerWindowMs);
  const order = await orders.find(payment.orderId);

  const opened = openRefund({ ...selection, payment, order }, at, by);
  const [rejection] = await commit<OpenRefundResult | typeof conflict>(db, [
    { write: refunds.insert(opened.refund), toRejection: alreadyStored },
    { write: payments.updateWrite(payment, opened.payment), toRejection: () => conflict },
    ...(alsoWrite
      ? [{ write: alsoWrite(opened), toRejection: (): typeof conflict => conflict }]
      : []),
  ]);

  return rejection ?? { refund: opened.refund, replayed: false };
};

/**
 * The refund of a cancellation has an id of the buyer's. After the buyer is erased, a replayed event has another one, and
 * the payment has the id of the refund.
 */
const firstRefundIdOf = (
  { refundId, isForCancellation }: Pick<RequestRefundCommand, 'refundId' | 'isForCancellation'>,
  { cancelRefundId = refundId }: Payment,
): string => (isForCancellation ? cancelRefundId : refundId);

const alreadyStored = (stored?: Item): OpenRefundResult => ({
  refund: stored as unknown as Refund,
  replayed: true,
});
