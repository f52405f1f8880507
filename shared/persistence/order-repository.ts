import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { RejectionError } from '../domain/errors.ts';
import type { CancelReason, Order } from '../domain/orders/order.ts';
import { isOrderExpired, orderExpired } from '../domain/orders/order-cancellation.ts';
import { type Payment, refundStageOf } from '../domain/payments/payment.ts';
import {
  equals,
  type Item,
  notExists,
  putIfAbsent,
  update,
  type Write,
} from './dynamodb/expressions.ts';
import { getItem } from './dynamodb/get-item.ts';
import { dueAttributes } from './dynamodb/versioned-items.ts';
import { writeItem } from './dynamodb/write-item.ts';

/** A cancel of an order that no payment holds. */
export interface UnpaidCancellation {
  readonly reason: Exclude<CancelReason, 'payment-failed'>;
  readonly at: string;
  /** Of the request that cancels it. */
  readonly traceparent?: string;
}

/** Another buyer's order looks like a missing one. */
export const orderNotFound = (orderId: string) =>
  new RejectionError({
    code: 'order-not-found',
    detail: `There is no order "${orderId}" of yours.`,
  });

/** The orders of a table: what is read, and the writes that others put into their transactions. */
export const createOrderRepository = (db: DynamoDBDocumentClient, table: string) => {
  const find = (orderId: string) => getItem<Order>(db, table, { orderId });

  const transition = (
    orderId: string,
    {
      at,
      to,
      ...rest
    }: { at: string; to: Order['status'] } & Pick<
      Parameters<typeof update>[0],
      'conditions' | 'set' | 'remove'
    >,
  ): Write =>
    update({
      ...rest,
      table,
      key: { orderId },
      set: { status: to, updatedAt: at, ...rest.set },
      add: { version: 1 },
    });

  return {
    find,

    /** The buyer's own order; refused as order-not-found otherwise. */
    async getOwned(userId: string, orderId: string): Promise<Order> {
      const order = await find(orderId);
      if (order?.userId !== userId) throw orderNotFound(orderId);

      return order;
    },

    /** The order of an id that came from our own index; anything else is a defect. */
    async getOrThrow(orderId: string): Promise<Order> {
      const order = await find(orderId);
      if (order === undefined) throw new Error(`There is no order ${orderId}.`);

      return order;
    },

    insert: (order: Order): Write => putIfAbsent({ table, item: order, id: 'orderId' }),

    /** PENDING_PAYMENT -> PAYING, if the order is still as it was read and no payment holds it. */
    assignPayment: (order: Order, payment: Payment): Write =>
      transition(order.orderId, {
        at: payment.updatedAt,
        to: 'PAYING',
        set: {
          activePaymentId: payment.paymentId,
          ...(payment.traceparent && { traceparent: payment.traceparent }),
        },
        conditions: [
          equals('userId', payment.userId),
          equals('status', 'PENDING_PAYMENT'),
          notExists('activePaymentId'),
          equals('total', order.total),
          // The end that was compared with the time of the payment. The due index is left alone: writing it here would cost accept a unit.
          equals('expiresAt', order.expiresAt),
        ],
      }),

    /** PAYING -> COMPLETED, by the payment that holds it. */
    complete: (payment: Payment): Write =>
      transition(payment.orderId, {
        at: payment.updatedAt,
        to: 'COMPLETED',
        remove: dueAttributes,
        conditions: [equals('status', 'PAYING'), equals('activePaymentId', payment.paymentId)],
      }),

    /** COMPLETED -> PARTIALLY_REFUNDED -> REFUNDED, as far as the payment that paid it is refunded. */
    refund: (before: Payment, after: Payment): Write =>
      transition(after.orderId, {
        at: after.updatedAt,
        to: refundStageOf(after),
        conditions: [
          equals('status', refundStageOf(before)),
          equals('activePaymentId', after.paymentId),
        ],
      }),

    /** -> CANCELLED, if the order is still exactly as it was read: its payment failed. */
    cancel: (order: Order, at: string): Write =>
      transition(order.orderId, {
        at,
        to: 'CANCELLED',
        set: { cancelReason: 'payment-failed' satisfies CancelReason },
        remove: ['activePaymentId', ...dueAttributes],
        conditions: [equals('version', order.version)],
      }),

    /** PENDING_PAYMENT -> CANCELLED, if the order is as it was read and no payment holds it. */
    cancelUnpaid: (order: Order, { reason, at, traceparent }: UnpaidCancellation): Write =>
      transition(order.orderId, {
        at,
        to: 'CANCELLED',
        set: { cancelReason: reason, ...(traceparent && { traceparent }) },
        remove: dueAttributes,
        conditions: [
          equals('version', order.version),
          equals('status', 'PENDING_PAYMENT'),
          notExists('activePaymentId'),
        ],
      }),

    /** Takes an order that a payment holds, or that has ended, out of the due index; changes nothing if it has moved since it was read. */
    async removeDue({ orderId, version }: Order): Promise<void> {
      await writeItem(
        db,
        update({
          table,
          key: { orderId },
          remove: dueAttributes,
          conditions: [equals('version', version)],
        }),
      );
    },
  };
};

export type OrderRepository = ReturnType<typeof createOrderRepository>;

const paymentInProgress = (paymentId: string, detail: string) =>
  new RejectionError({
    code: 'payment-in-progress',
    detail,
    paymentId,
    retryAfterSeconds: 1,
  });

/** Why an order that is neither PENDING_PAYMENT nor CANCELLED cannot be cancelled. */
export const notCancellableReason = ({ status, activePaymentId }: Order): RejectionError =>
  status === 'PAYING' && activePaymentId !== undefined
    ? paymentInProgress(activePaymentId, 'A payment of this order is under way.')
    : new RejectionError({
        code: 'order-not-cancellable',
        detail: `An order that is ${status} cannot be cancelled.`,
      });

/** Why an order that a condition refused cannot be paid, in order of precedence. */
export const notPayableReason = (
  asRead: Order,
  stored: Item | Order | undefined,
  at: Date,
): RejectionError => {
  const order = stored as Order | undefined;
  if (order?.userId !== asRead.userId) return orderNotFound(asRead.orderId);
  if (order.activePaymentId !== undefined && order.status === 'PAYING') {
    return paymentInProgress(order.activePaymentId, 'Another payment of this order is under way.');
  }
  if (order.status === 'CANCELLED' && order.cancelReason === 'expired') return orderExpired();
  if (order.status !== 'PENDING_PAYMENT') {
    return new RejectionError({
      code: 'order-not-payable',
      detail: `The order is ${order.status}.`,
    });
  }

  if (isOrderExpired(order, at)) return orderExpired();

  return new RejectionError({
    code: 'total-changed',
    detail: `The order's total is ${order.total} ${order.currency} now.`,
  });
};
