import { createOrder } from '../../../../functions/create-order/handler.ts';
import { orderBody } from '../../../../functions/create-order/request.ts';
import { toCreatedResponse } from '../../../../functions/create-order/response.ts';
import { placeIn } from '../../../../shared/application/orders/place-order.ts';
import type { Coupon, Order, Product } from '../../../../shared/domain/orders/order.ts';
import { oncePerKey } from '../../../../shared/http/idempotent-route.ts';
import { couponsIn } from '../../../../shared/persistence/coupon-repository.ts';
import { ordersIn } from '../../../../shared/persistence/order-repository.ts';
import { paymentsOfBuyerIn } from '../../../../shared/persistence/payment-list-repository.ts';
import { paymentsIn } from '../../../../shared/persistence/payment-repository.ts';
import { productsIn } from '../../../../shared/persistence/product-repository.ts';
import { aProduct, noon } from '../../../support/builders/builders.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';
import { answerRecords } from '../../../support/fakes/memory-idempotency-table.ts';
import { call } from '../../../support/harness/invoke-handler.ts';

interface Wish {
  readonly buyer?: string;
  readonly key?: string;
  readonly lines?: readonly unknown[];
  readonly couponId?: string | undefined;
}

/** create-order as it is wired, over tables in memory and a catalogue of tea and cups. */
export const aShop = ({ coupons = [] }: { coupons?: readonly Coupon[] } = {}) => {
  const tables = new MemoryDynamo({
    orders: ['orderId'],
    products: ['sku'],
    coupons: ['userId', 'couponId'],
    payments: ['paymentId'],
  });
  const answers = answerRecords();
  let minutes = 0;
  const clock = { now: () => new Date(noon.getTime() + minutes++ * 60_000) };
  const stores = {
    db: tables.client,
    orders: ordersIn(tables.client, 'orders'),
    products: productsIn(tables.client, 'products'),
    coupons: couponsIn(tables.client, 'coupons'),
    payments: paymentsIn(tables.client, 'payments'),
    buyersPayments: paymentsOfBuyerIn(tables.client, 'payments'),
  };
  const handler = oncePerKey(
    { name: 'create-order', schema: orderBody, table: 'answers' },
    createOrder({ place: placeIn(stores), clock }),
    toCreatedResponse,
  );

  const stock = (product: Product) => tables.put('products', product);
  stock(aProduct({ sku: 'tea', unitPrice: 2_500 }));
  stock(aProduct({ sku: 'cup', unitPrice: 1_000 }));
  for (const coupon of coupons) tables.put('coupons', coupon);

  return {
    stores,
    answers,
    stock,
    orders: () => tables.items<Order>('orders'),
    coupons: () => tables.items<Coupon>('coupons'),
    put: (table: 'orders' | 'coupons' | 'payments', item: object) => tables.put(table, item),
    post: (body: unknown, { buyer = 'alice', key = 'k-1' }: Wish = {}) =>
      call(handler, { method: 'POST', path: '/orders', buyer, key, body }),
    order: ({
      lines = [{ sku: 'tea', quantity: 1 }],
      couponId,
      buyer = 'alice',
      key = 'k-1',
    }: Wish = {}) =>
      call(handler, { method: 'POST', path: '/orders', buyer, key, body: { lines, couponId } }),
  };
};
