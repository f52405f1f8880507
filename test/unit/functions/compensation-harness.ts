import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from 'aws-lambda';
import {
  compensatePayment,
  findCompensated,
} from '../../../functions/compensate-payment/handler.ts';
import { finish } from '../../../functions/finish-compensation/handler.ts';
import { releaseOrder } from '../../../functions/release-order/handler.ts';
import { restoreBalance } from '../../../functions/restore-balance/handler.ts';
import { restoreStock } from '../../../functions/restore-stock/handler.ts';
import { createCompensateAtOnce } from '../../../shared/application/compensation/compensate-at-once.ts';
import { createCompensate } from '../../../shared/application/compensation/compensating-transaction.ts';
import type { CompensationRecord } from '../../../shared/domain/compensation/compensation.ts';
import type { Balance } from '../../../shared/domain/money.ts';
import type { Coupon, Order, Product } from '../../../shared/domain/orders/order.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import {
  aBalance,
  aCoupon,
  anOrder,
  aPayment,
  aProduct,
  noon,
} from '../../support/builders/builders.ts';
import { afterTransitions } from '../../support/builders/payment-history.ts';
import { MemoryDynamo } from '../../support/fakes/memory-dynamo.ts';
import { createMemoryRepositories } from '../../support/fakes/memory-repositories.ts';

type TransitionOnce = Parameters<typeof finish>[0]['transition'];

const context = { getRemainingTimeInMillis: () => 10_000 } as Context;

const keys = {
  Orders: ['orderId'],
  Payments: ['paymentId'],
  Balances: ['userId'],
  Products: ['sku'],
  Coupons: ['userId', 'couponId'],
  Compensations: ['paymentId', 'target'],
};

/** A MemoryDynamo with hooks just before and after a transaction. */
class ScriptedDynamo extends MemoryDynamo {
  beforeWrite: (written: string) => void = () => {};
  afterWrite: () => void = () => {};

  override async send(command: unknown): Promise<object> {
    if (!(command instanceof TransactWriteCommand)) return super.send(command);
    this.beforeWrite(JSON.stringify(command.input));
    const answer = await super.send(command);
    this.afterWrite();

    return answer;
  }
}

/** After the last transition of the payment. */
const compensatedAt = new Date(noon.getTime() + 3_000);

const lines = [
  { sku: 'tea', quantity: 2, unitPrice: 2_000 },
  { sku: 'cup', quantity: 1, unitPrice: 1_500 },
];

/** Alice's order of two teas and a cup with a coupon, 5,000 KRW, and its payment as accepted: 2,000 from the balance. */
const acceptedFixture = () => {
  const coupon = aCoupon({ userId: 'alice', couponId: 'c', status: 'USED', orderId: 'ord_1' });
  const placed = anOrder({
    orderId: 'ord_1',
    userId: 'alice',
    couponId: 'c',
    lines,
    discount: 500,
  });
  const payment = aPayment({ order: placed, paymentId: 'pay_1' });
  const order: Order = { ...placed, status: 'PAYING', activePaymentId: 'pay_1', version: 2 };

  return { coupon, order, payment };
};

/** The tables after accept with a declined payment, unless another is given, and the compensation steps. */
export const createCompensationHarness = (
  given: {
    payment?: Payment;
    order?: Order;
    coupon?: Coupon;
    /** Runs before every command to the tables, so that a scheduler can reorder them. */
    turn?: () => Promise<unknown>;
  } = {},
) => {
  const usual = acceptedFixture();
  const { payment = afterTransitions(usual.payment, 'claimed', 'declined') } = given;
  const { order, coupon } = { ...usual, ...given };
  const tables = new ScriptedDynamo(keys, given.turn);
  tables.put('Payments', payment);
  tables.put('Orders', order);
  tables.put('Coupons', coupon);
  tables.put('Balances', aBalance({ userId: 'alice', available: 1_000, held: 9_000 }));
  for (const sku of ['tea', 'cup']) {
    tables.put('Products', aProduct({ sku, available: 10, reserved: 5 }));
  }

  const db = tables.client;
  const clock = { now: () => compensatedAt };
  const stores = createMemoryRepositories(db);
  const compensate = createCompensate({ ...stores, clock });
  const { paymentId } = payment;
  const tryTransition: TransitionOnce = async ({ before, after }) => ({
    value: await stores.payments.tryUpdate(before, after),
  });
  const steps = {
    stock: (id = paymentId) => restoreStock({ ...stores, compensate })({ paymentId: id }),
    balance: (id = paymentId) => restoreBalance({ ...stores, compensate })({ paymentId: id }),
    order: (id = paymentId) => releaseOrder({ ...stores, compensate })({ paymentId: id }),
  };

  const event = { id: `${paymentId}-${payment.version}`, subject: paymentId };

  return {
    tables,
    stores,
    clock,
    ...steps,
    /** Delivers PaymentFailed. */
    atOnce: () =>
      compensatePayment({ ...stores, compensateAtOnce: createCompensateAtOnce(stores), clock })(
        event,
      ),
    findResult: () => findCompensated(stores)(event),
    finish: (transitionOnce: TransitionOnce = tryTransition) =>
      finish({ ...stores, transition: transitionOnce, clock })({ paymentId }, context),
    compensateAll: () => Promise.allSettled(Object.values(steps).map((step) => step())),
    payment: () => tables.items<Payment>('Payments')[0] as Payment,
    storedOrder: () => tables.items<Order>('Orders')[0] as Order,
    storedCoupon: () => tables.items<Coupon>('Coupons')[0] as Coupon,
    amounts: () => ({
      money: tables.items<Balance>('Balances').map(({ available, held }) => ({ available, held })),
      stock: Object.fromEntries(
        tables
          .items<Product>('Products')
          .map(({ sku, available, reserved }) => [sku, { available, reserved }]),
      ),
    }),
    records: () =>
      Object.fromEntries(
        tables
          .items<CompensationRecord>('Compensations')
          .map(({ target, delta, outcome }) => [target, { delta, outcome }]),
      ),
  };
};

/** The usual payment after these transitions. */
export const fixturePayment = (...names: Parameters<typeof afterTransitions>[1][]): Payment =>
  afterTransitions(acceptedFixture().payment, ...names);

/** A payment of the usual order that was rejected: nothing is reserved, and the order was never held. */
export const rejectedPayment = (): { payment: Payment; order: Order } => {
  const { order, payment } = acceptedFixture();
  const { reservation, ...rest } = payment;
  const { activePaymentId, ...free } = order;
  const failure = { code: 'out-of-stock', reason: 'There is not enough stock.', skus: ['cup'] };
  const history = [
    { version: 1, at: payment.createdAt, to: 'FAILED', by: 'accept-payment' },
  ] as const;

  return {
    payment: { ...rest, status: 'FAILED', failure, history },
    order: { ...free, status: 'PENDING_PAYMENT', version: 1 },
  };
};

export const unchangedAmounts = {
  money: [{ available: 1_000, held: 9_000 }],
  stock: { tea: { available: 10, reserved: 5 }, cup: { available: 10, reserved: 5 } },
};

export const restoredAmounts = {
  money: [{ available: 3_000, held: 7_000 }],
  stock: { tea: { available: 12, reserved: 3 }, cup: { available: 11, reserved: 4 } },
};
