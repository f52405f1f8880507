import type { Database } from '../../config/platform.ts';
import { idempotencyKeyReused } from '../../domain/errors.ts';
import { openRefund, type RefundCommand } from '../../domain/refunds/open-refund.ts';
import type { Refund } from '../../domain/refunds/refund.ts';
import type { Item } from '../../persistence/dynamodb/expressions.ts';
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
  { userId, paymentId, by, ...selection }: RequestRefundCommand,
  at: Date,
): Promise<OpenRefundResult | typeof conflict> => {
  const payment = await payments.getOwned(userId, paymentId);
  // Read after the payment: what the first request of this key reserved must not reject its replay.
  const stored = await refunds.find(selection.refundId);
  if (stored) return { refund: stored, replayed: true };
  const order = await orders.find(payment.orderId);

  const opened = openRefund({ ...selection, payment, order }, at, by);
  const [rejection] = await commit<OpenRefundResult | typeof conflict>(db, [
    { write: refunds.insert(opened.refund), toRejection: alreadyStored },
    { write: payments.updateWrite(payment, opened.payment), toRejection: () => conflict },
  ]);

  return rejection ?? { refund: opened.refund, replayed: false };
};

const alreadyStored = (stored?: Item): OpenRefundResult => ({
  refund: stored as unknown as Refund,
  replayed: true,
});
