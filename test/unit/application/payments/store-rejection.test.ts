import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { createAcceptPayment } from '../../../../shared/application/payments/accept-payment.ts';
import { type RejectionError, ServiceUnavailableError } from '../../../../shared/domain/errors.ts';
import type { Coupon, Order } from '../../../../shared/domain/orders/order.ts';
import { eventOfChange } from '../../../../shared/domain/outbox/outbox-event.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { aBalance, aCoupon, anOrder, aProduct, noon } from '../../../support/builders/builders.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';
import { createMemoryRepositories } from '../../../support/fakes/memory-repositories.ts';

const keys = {
  Orders: ['orderId'],
  Payments: ['paymentId'],
  Balances: ['userId'],
  Products: ['sku'],
  Coupons: ['userId', 'couponId'],
};

const order = anOrder({
  orderId: 'ord_1',
  userId: 'alice',
  couponId: 'c',
  lines: [{ sku: 'tea', quantity: 2, unitPrice: 2_000 }],
  discount: 500,
  dueShard: '0',
  dueAt: noon.toISOString(),
});
const coupon = aCoupon({ userId: 'alice', couponId: 'c', status: 'USED', orderId: 'ord_1' });
const command = {
  paymentId: 'pay_1',
  userId: 'alice',
  orderId: 'ord_1',
  paymentMethod: 'sim_approve',
  requestHash: 'hash',
};
const times = { unclaimedTimeoutMs: 1_000, holdExpiryMs: 60_000 };

/** Alice's order of two teas with a coupon, of which the shop has one. */
const createShop = () => {
  /** Run before the transactions, one each. */
  const meanwhile: (() => void)[] = [];
  const tables = new (class extends MemoryDynamo {
    override async send(sent: unknown): Promise<object> {
      if (sent instanceof TransactWriteCommand) meanwhile.shift()?.();

      return super.send(sent);
    }
  })(keys);
  tables.put('Orders', order);
  tables.put('Coupons', coupon);
  tables.put('Balances', aBalance({ userId: 'alice', available: 9_000 }));
  tables.put('Products', aProduct({ sku: 'tea', available: 1 }));
  const accept = createAcceptPayment(createMemoryRepositories(tables.client));

  return {
    tables,
    meanwhile,
    pay: (given: Partial<typeof command> = {}, at = noon) =>
      accept({ ...command, ...given }, at, times).catch((error: RejectionError) => error),
    order: () => tables.items<Order>('Orders')[0],
    coupon: () => tables.items<Coupon>('Coupons')[0],
    payments: () => tables.items<Payment>('Payments'),
  };
};

const outOfStock = { data: { code: 'out-of-stock', paymentId: 'pay_1' }, replayed: false };
const nothing = () => {};
const later = new Date(noon.getTime() + 1);

it('stores the rejection, cancels the order and restores the coupon together', async () => {
  const shop = createShop();

  expect(await shop.pay()).toMatchObject(outOfStock);

  expect(shop.payments()).toMatchObject([{ status: 'COMPENSATED', version: 1 }]);
  expect(shop.order()).toMatchObject({ status: 'CANCELLED', cancelReason: 'payment-failed' });
  expect(shop.order()).not.toHaveProperty('dueAt');
  expect(shop.coupon()).toMatchObject({ status: 'AVAILABLE' });
  expect(
    shop.tables.changes
      .filter(({ table }) => table === 'Payments' || table === 'Orders')
      .flatMap(({ table, ...change }) => {
        const of = table === 'Payments' ? ('payment' as const) : ('order' as const);

        return eventOfChange({ of, ...change })?.name ?? [];
      }),
  ).toEqual(['PaymentCompensated', 'OrderCancelled']);
});

it('returns the stored rejection to a repeated request and writes nothing', async () => {
  const shop = createShop();
  await shop.pay();
  shop.tables.put('Products', aProduct({ sku: 'tea', available: 9 }));
  const { length } = shop.tables.changes;

  expect(await shop.pay({}, later)).toMatchObject({ ...outOfStock, replayed: true });

  expect(shop.tables.changes).toHaveLength(length);
});

it('stores nothing if the function ends before the second transaction', async () => {
  const shop = createShop();
  shop.meanwhile.push(nothing, () => {
    throw new ServiceUnavailableError('ended');
  });

  expect(await shop.pay()).toMatchObject({ message: 'ended' });
  expect({ order: shop.order(), coupon: shop.coupon(), payments: shop.payments() }).toEqual({
    order,
    coupon,
    payments: [],
  });
  shop.tables.put('Products', aProduct({ sku: 'tea', available: 2 }));

  expect(await shop.pay()).toMatchObject({ payment: { status: 'RESERVED' }, replayed: false });
});

it('returns the rejection if the answer of the second transaction is lost', async () => {
  const shop = createShop();
  const { send } = shop.tables;
  let isLost = false;
  shop.tables.send = async (sent) => {
    // The first transaction is refused, so it throws here.
    const answer = await send.call(shop.tables, sent);
    if (!(sent instanceof TransactWriteCommand) || isLost) return answer;
    isLost = true;
    throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  };

  expect(await shop.pay()).toMatchObject(outOfStock);
  expect(isLost).toBe(true);
});

it.each<[string, Partial<Order>]>([
  ['is held by another payment', { status: 'PAYING', activePaymentId: 'pay_2', version: 2 }],
  ['is paid by another payment', { status: 'COMPLETED', activePaymentId: 'pay_2', version: 3 }],
])('leaves an order that %s before the second transaction', async (_case, change) => {
  const shop = createShop();
  const held = { ...order, ...change };
  shop.meanwhile.push(nothing, () => shop.tables.put('Orders', held));

  expect(await shop.pay()).toMatchObject(outOfStock);

  expect(shop.order()).toEqual(held);
  expect(shop.coupon()).toEqual(coupon);
  expect(shop.payments()).toMatchObject([{ status: 'COMPENSATED' }]);
});

it('releases the coupon once if the order is cancelled before the second transaction', async () => {
  const shop = createShop();
  const cancelled = { ...order, status: 'CANCELLED', cancelReason: 'expired', version: 2 } as const;
  const usedAgain = { ...coupon, orderId: 'ord_2' };
  shop.meanwhile.push(nothing, () => {
    shop.tables.put('Orders', cancelled);
    shop.tables.put('Coupons', usedAgain);
  });

  expect(await shop.pay()).toMatchObject(outOfStock);

  expect(shop.order()).toEqual(cancelled);
  expect(shop.coupon()).toEqual(usedAgain);
});

it.each<[string, 'Orders' | 'Coupons', object]>([
  ['order', 'Orders', { orderId: 'ord_1' }],
  ['coupon', 'Coupons', { userId: 'alice', couponId: 'c' }],
])('stores the rejection if the %s is deleted meanwhile', async (_case, table, key) => {
  const shop = createShop();
  shop.meanwhile.push(nothing, () => shop.tables.deleteItem(table, key));

  expect(await shop.pay()).toMatchObject(outOfStock);

  expect(shop.payments()).toMatchObject([{ status: 'COMPENSATED' }]);
  if (table === 'Coupons') expect(shop.order()).toMatchObject({ status: 'CANCELLED' });
  else expect(shop.coupon()).toMatchObject({ status: 'AVAILABLE' });
});

it('stores one payment of two concurrent requests with one key', async () => {
  const shop = createShop();

  const answers = await Promise.all([shop.pay(), shop.pay({}, later)]);

  expect(answers).toMatchObject([outOfStock, { ...outOfStock, replayed: true }]);
  expect(shop.payments()).toHaveLength(1);
  expect(shop.tables.changes.filter(({ table }) => table === 'Orders')).toHaveLength(1);
});

it('cancels the order once for two rejected payments', async () => {
  const shop = createShop();

  await Promise.all([shop.pay(), shop.pay({ paymentId: 'pay_2' })]);

  expect(shop.payments()).toHaveLength(2);
  expect(shop.tables.changes.filter(({ table }) => table === 'Orders')).toHaveLength(1);
  expect(shop.tables.changes.filter(({ table }) => table === 'Coupons')).toHaveLength(1);
});

it('throws ServiceUnavailableError and stores nothing after the last conflict', async () => {
  const shop = createShop();
  let version = 1;
  const change = () => {
    version += 1;
    shop.tables.put('Orders', { ...order, version });
  };
  shop.meanwhile.push(nothing, change, change, change, change);

  expect(await shop.pay()).toBeInstanceOf(ServiceUnavailableError);

  expect(shop.payments()).toEqual([]);
  expect(shop.order()).toMatchObject({ status: 'PENDING_PAYMENT' });
});
