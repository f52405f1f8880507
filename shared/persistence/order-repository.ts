import type { Database } from '../config/platform.ts';
import { canaryExpirationOf } from '../domain/canary.ts';
import { RejectionError } from '../domain/errors.ts';
import type { CancelReason, Order } from '../domain/orders/order.ts';
import { isOrderExpired, orderExpired } from '../domain/orders/order-cancellation.ts';
import type { OrderToPay } from '../domain/orders/order-to-pay.ts';
import { refundStageOf } from '../domain/payments/buyer-status.ts';
import type { Payment } from '../domain/payments/payment.ts';
import {
  equals,
  type Item,
  notExists,
  putIfAbsent,
  stillEquals,
  update,
  type Write,
} from './dynamodb/expressions.ts';
import { getItem } from './dynamodb/get-item.ts';
import { dueAttributes } from './dynamodb/versioned-items.ts';
import { writeItem } from './dynamodb/write-item.ts';

/** The cancellation of an order that no payment holds. */
export interface UnpaidCancellation {
  readonly reason: Exclude<CancelReason, 'payment-failed'>;
  readonly at: string;
  /** The trace of the request that cancels it. */
  readonly traceparent?: string;
}

/** The rejection for a missing order and for an order of another buyer: a buyer cannot distinguish them. */
export const orderNotFound = (orderId: string) =>
  new RejectionError({
    code: 'order-not-found',
    detail: `You have no order "${orderId}".`,
  });

/** The orders of a table: reads, and writes for transactions. */
export const createOrderRepository = (db: Database, table: string) => {
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

    /** The buyer's own order. Throws the rejection order-not-found otherwise. */
    async getOwned(userId: string, orderId: string): Promise<Order> {
      const order = await find(orderId);
      if (order?.userId !== userId) throw orderNotFound(orderId);

      return order;
    },

    /** The order of an id that this service has stored. Throws if it is missing, which is a defect. */
    async getOrThrow(orderId: string): Promise<Order> {
      const order = await find(orderId);
      if (order === undefined) throw new Error(`Order ${orderId} not found.`);

      return order;
    },

    insert: (order: Order): Write => putIfAbsent({ table, item: order, id: 'orderId' }),

    /** PENDING_PAYMENT -> PAYING, if this is the content of the order and no payment holds it. */
    assignPayment: (order: OrderToPay, payment: Payment): Write =>
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
          // The payment's time was compared with this expiry. The order stays in the index `byDue`: removing
          // it here would cost a write unit.
          equals('expiresAt', order.expiresAt),
          stillEquals('contentHash', order.contentHash),
        ],
      }),

    /** PAYING -> COMPLETED, if this payment holds the order. */
    complete: (payment: Payment): Write =>
      transition(payment.orderId, {
        at: payment.updatedAt,
        to: 'COMPLETED',
        set: { ...canaryExpirationOf(payment.userId, payment.updatedAt) },
        remove: dueAttributes,
        conditions: [equals('status', 'PAYING'), equals('activePaymentId', payment.paymentId)],
      }),

    /** COMPLETED -> PARTIALLY_REFUNDED -> REFUNDED, following the refunds of its payment. */
    refund: (before: Payment, after: Payment): Write =>
      transition(after.orderId, {
        at: after.updatedAt,
        to: refundStageOf(after),
        conditions: [
          equals('status', refundStageOf(before)),
          equals('activePaymentId', after.paymentId),
        ],
      }),

    /** -> CANCELLED after its payment failed, if the version is unchanged. */
    cancel: (order: Order, at: string): Write =>
      transition(order.orderId, {
        at,
        to: 'CANCELLED',
        set: {
          cancelReason: 'payment-failed' satisfies CancelReason,
          ...canaryExpirationOf(order.userId, at),
        },
        remove: ['activePaymentId', ...dueAttributes],
        conditions: [equals('version', order.version)],
      }),

    /** PENDING_PAYMENT -> CANCELLED, if the version is unchanged and no payment holds the order. */
    cancelUnpaid: (order: Order, { reason, at, traceparent }: UnpaidCancellation): Write =>
      transition(order.orderId, {
        at,
        to: 'CANCELLED',
        set: {
          cancelReason: reason,
          ...(traceparent && { traceparent }),
          ...canaryExpirationOf(order.userId, at),
        },
        remove: dueAttributes,
        conditions: [
          equals('version', order.version),
          equals('status', 'PENDING_PAYMENT'),
          notExists('activePaymentId'),
        ],
      }),

    /**
     * Removes an order that a payment holds, or that is final, from the index `byDue`. Does nothing on a
     * version conflict.
     */
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

/** The rejection for cancelling an order that is neither PENDING_PAYMENT nor CANCELLED. */
export const notCancellableRejection = ({ status, activePaymentId }: Order): RejectionError =>
  status === 'PAYING' && activePaymentId !== undefined
    ? paymentInProgress(activePaymentId, 'A payment of this order is in progress.')
    : new RejectionError({
        code: 'order-not-cancellable',
        detail: `An order in status ${status} cannot be cancelled.`,
      });

/**
 * The rejection for paying an order whose condition failed. If several apply, the order of the checks
 * decides.
 */
export const notPayableRejection = (
  asRead: OrderToPay,
  stored: Item | OrderToPay | undefined,
  at: Date,
): RejectionError => {
  const order = stored as OrderToPay | undefined;
  if (order?.userId !== asRead.userId) return orderNotFound(asRead.orderId);
  if (order.activePaymentId !== undefined && order.status === 'PAYING') {
    return paymentInProgress(
      order.activePaymentId,
      'Another payment of this order is in progress.',
    );
  }
  if (order.status === 'CANCELLED' && order.cancelReason === 'expired') return orderExpired();
  if (order.status !== 'PENDING_PAYMENT') {
    return new RejectionError({
      code: 'order-not-payable',
      detail: `An order in status ${order.status} cannot be paid.`,
    });
  }

  if (isOrderExpired(order, at)) return orderExpired();

  return new RejectionError({
    code: 'total-changed',
    detail: `The order total is now ${order.total} ${order.currency}.`,
  });
};
