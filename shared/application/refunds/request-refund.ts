import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { keyReused, Outage } from '../../domain/errors.ts';
import { type AskedRefund, openRefund } from '../../domain/refunds/open-refund.ts';
import type { Refund } from '../../domain/refunds/refund.ts';
import type { Item } from '../../persistence/dynamodb/expressions.ts';
import { commit } from '../../persistence/dynamodb/transaction.ts';
import type { Orders } from '../../persistence/order-repository.ts';
import type { Payments } from '../../persistence/payment-repository.ts';
import type { Refunds } from '../../persistence/refund-repository.ts';

interface Stores {
  readonly db: DynamoDBDocumentClient;
  readonly orders: Pick<Orders, 'find'>;
  readonly payments: Pick<Payments, 'ownedBy' | 'move'>;
  readonly refunds: Pick<Refunds, 'find' | 'open'>;
}

export interface RefundRequest extends Omit<AskedRefund, 'payment' | 'order'> {
  readonly userId: string;
  readonly paymentId: string;
  /** The function that asks. */
  readonly by: string;
}

export interface RequestedRefund {
  readonly refund: Refund;
  /** The refund was there already: the answer is the one of its first request. */
  readonly replayed: boolean;
}

/** Each try but the last has lost to another write of the payment, so this many may come at once. */
const mostTries = 10;

/**
 * Opens a refund in one transaction: refund stored, its amount and units set aside by the payment; or nothing of it.
 *
 * The payment's version guards what is left: of two refunds at once one finds the payment moved, and looks again at what is left then.
 */
export const requestRefundIn =
  (stores: Stores) =>
  async (request: RefundRequest, at: Date): Promise<RequestedRefund> => {
    for (let tried = 1; tried <= mostTries; tried += 1) {
      const requested = await tryOnce(stores, request, at);
      if (requested === 'moved') continue;
      if (requested.refund.requestHash !== request.requestHash) throw keyReused();

      return requested;
    }
    throw new Outage(`Payment ${request.paymentId} moves too often.`);
  };

const tryOnce = async (
  { db, orders, payments, refunds }: Stores,
  { userId, paymentId, by, ...asked }: RefundRequest,
  at: Date,
): Promise<RequestedRefund | 'moved'> => {
  const payment = await payments.ownedBy(userId, paymentId);
  // Read after the payment: what a first request of this key took of it must not refuse the second one.
  const stored = await refunds.find(asked.refundId);
  if (stored) return { refund: stored, replayed: true };
  const order = await orders.find(payment.orderId);

  const opened = openRefund({ ...asked, payment, order }, at, by);
  const [obstacle] = await commit<RequestedRefund | 'moved'>(db, [
    { write: refunds.open(opened.refund), refused: before },
    { write: payments.move(payment, opened.payment), refused: () => 'moved' },
  ]);

  return obstacle ?? { refund: opened.refund, replayed: false };
};

const before = (stored?: Item): RequestedRefund => ({
  refund: stored as unknown as Refund,
  replayed: true,
});
