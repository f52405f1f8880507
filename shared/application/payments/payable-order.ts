import { contentHashOf } from '../../domain/ids.ts';
import { isAmount } from '../../domain/money.ts';
import type { Order, OrderContent } from '../../domain/orders/order.ts';
import { assertNotExpired } from '../../domain/orders/order-cancellation.ts';
import { assertExpectedTotal, type OrderToPay } from '../../domain/orders/order-to-pay.ts';
import { shardKeyPrefix } from '../../domain/orders/stock-shards.ts';
import type { PaymentRequest } from '../../domain/payments/open-payment.ts';
import { notPayableRejection, orderNotFound } from '../../persistence/order-repository.ts';
import { balanceExceedsTotal, totalNotPayable } from './accept-rejections.ts';

/** What a buyer wants to pay. */
export interface PayCommand extends Pick<PaymentRequest, 'balanceAmount'> {
  readonly userId: string;
  readonly orderId: string;
  /** Compared with the order total and not used for anything else. */
  readonly expectedAmount?: number | undefined;
  /** The order as the client knows it. Compared with the stored one and not used for anything else. */
  readonly sentOrder?: SentOrder | undefined;
}

/** Without a hash: an earlier version has stored the order. */
type SentOrder = OrderContent & Pick<Order, 'contentHash'>;

/**
 * Returns the order if it can be paid. Throws the rejection order-not-found, total-changed or
 * order-not-payable otherwise.
 */
export const assertPayable = <O extends OrderToPay>(
  order: O | undefined,
  { userId, orderId, expectedAmount, balanceAmount = 0 }: PayCommand,
  at: Date,
): O => {
  if (order?.userId !== userId) throw orderNotFound(orderId);
  assertNotExpired(order, at);
  assertExpectedTotal(order, expectedAmount);
  if (order.status !== 'PENDING_PAYMENT') throw notPayableRejection(order, order, at);
  if (!isAmount(order.total)) throw totalNotPayable(order);
  if (balanceAmount > order.total) throw balanceExceedsTotal(order);

  return order;
};

/**
 * Returns the order as it was sent, if it could be paid like this. Undefined if the order must be read: it was
 * not sent, does not have the hash that it was answered with, or leads to a rejection.
 *
 * The hash is computed from what was sent: if the stored order has the same one, it is the same order.
 */
export const orderAsSent = (command: PayCommand, at: Date): OrderToPay | undefined => {
  const { userId, orderId, sentOrder } = command;
  if (sentOrder === undefined) return undefined;
  const { contentHash: answeredHash, ...content } = sentOrder;
  const contentHash = contentHashOf(content);
  if (contentHash !== answeredHash || hasRepeatedSku(content)) return undefined;
  const order = { ...content, contentHash, userId, orderId, status: 'PENDING_PAYMENT' as const };
  try {
    return assertPayable(order, command, at);
  } catch {
    // The stored order decides about a rejection.
    return undefined;
  }
};

/** DynamoDB refuses a transaction with two writes of one item: of one SKU, or of a SKU that is another one's shard. */
const hasRepeatedSku = ({ lines }: OrderContent) =>
  new Set(lines.map(({ sku }) => sku)).size < lines.length ||
  lines.some(
    ({ sku, stockShards }) =>
      stockShards !== undefined && lines.some((other) => other.sku.startsWith(shardKeyPrefix(sku))),
  );
