import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { Refusal } from '../domain/errors.ts';
import type { Order } from '../domain/order.ts';
import { type Payment, refundStageOf } from '../domain/payment.ts';
import { absent, equals, type Item, putNew, update, type Write } from './expression.ts';

/** Another buyer's order looks like a missing one. */
export const orderNotFound = (orderId: string) =>
  new Refusal({ code: 'order-not-found', detail: `There is no order "${orderId}" of yours.` });

/** The orders of a table: what is read, and the writes that others put into their transactions. */
export const ordersIn = (db: DynamoDBDocumentClient, table: string) => {
  const find = async (orderId: string): Promise<Order | undefined> => {
    const { Item } = await db.send(
      new GetCommand({ TableName: table, Key: { orderId }, ConsistentRead: true }),
    );

    return Item as Order | undefined;
  };

  const move = (
    orderId: string,
    {
      at,
      to,
      ...rest
    }: { at: string; to: Order['status'] } & Pick<
      Parameters<typeof update>[0],
      'when' | 'set' | 'remove'
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
    async ownedBy(userId: string, orderId: string): Promise<Order> {
      const order = await find(orderId);
      if (order?.userId !== userId) throw orderNotFound(orderId);

      return order;
    },

    place: (order: Order): Write => putNew({ table, item: order, id: 'orderId' }),

    /** PENDING_PAYMENT -> PAYING, if the order is still as it was read and no payment holds it. */
    bind: (order: Order, payment: Payment): Write =>
      move(order.orderId, {
        at: payment.updatedAt,
        to: 'PAYING',
        set: {
          activePaymentId: payment.paymentId,
          ...(payment.traceparent && { traceparent: payment.traceparent }),
        },
        when: [
          equals('userId', payment.userId),
          equals('status', 'PENDING_PAYMENT'),
          absent('activePaymentId'),
          equals('total', order.total),
        ],
      }),

    /** PAYING -> COMPLETED, by the payment that holds it. */
    complete: (payment: Payment): Write =>
      move(payment.orderId, {
        at: payment.updatedAt,
        to: 'COMPLETED',
        when: [equals('status', 'PAYING'), equals('activePaymentId', payment.paymentId)],
      }),

    /** COMPLETED -> PARTIALLY_REFUNDED -> REFUNDED, as far as the payment that paid it is refunded. */
    refund: (before: Payment, after: Payment): Write =>
      move(after.orderId, {
        at: after.updatedAt,
        to: refundStageOf(after),
        when: [equals('status', refundStageOf(before)), equals('activePaymentId', after.paymentId)],
      }),

    /** -> CANCELLED, if the order is still exactly as it was read. */
    cancel: (order: Order, at: string): Write =>
      move(order.orderId, {
        at,
        to: 'CANCELLED',
        remove: ['activePaymentId'],
        when: [equals('version', order.version)],
      }),
  };
};

export type Orders = ReturnType<typeof ordersIn>;

/** Why an order that a condition refused cannot be paid, in order of precedence. */
export const whyNotPayable = (asRead: Order, stored: Item | Order | undefined): Refusal => {
  const order = stored as Order | undefined;
  if (order?.userId !== asRead.userId) return orderNotFound(asRead.orderId);
  if (order.activePaymentId !== undefined && order.status === 'PAYING') {
    return new Refusal({
      code: 'payment-in-progress',
      detail: 'Another payment of this order is under way.',
      paymentId: order.activePaymentId,
    });
  }
  if (order.status !== 'PENDING_PAYMENT') {
    return new Refusal({
      code: 'order-not-payable',
      detail: `The order is ${order.status}.`,
    });
  }

  return new Refusal({
    code: 'total-changed',
    detail: `The order's total is ${order.total} ${order.currency} now.`,
  });
};
