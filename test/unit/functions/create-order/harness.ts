import { createOrder, toCreatedOrderResponse } from '../../../../functions/create-order/handler.ts';
import { createOrderSchema } from '../../../../functions/create-order/request.ts';
import { createPlaceOrder } from '../../../../shared/application/orders/place-order.ts';
import type { Coupon, Order, Product } from '../../../../shared/domain/orders/order.ts';
import { idempotentRoute } from '../../../../shared/http/idempotent-route.ts';
import { createCouponRepository } from '../../../../shared/persistence/coupon-repository.ts';
import { createOrderRepository } from '../../../../shared/persistence/order-repository.ts';
import { createPaymentListRepository } from '../../../../shared/persistence/payment-list-repository.ts';
import { createPaymentRepository } from '../../../../shared/persistence/payment-repository.ts';
import { createProductRepository } from '../../../../shared/persistence/product-repository.ts';
import { aProduct, noon } from '../../../support/builders/builders.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';
import { createMemoryIdempotencyTable } from '../../../support/fakes/memory-idempotency-table.ts';
import { call } from '../../../support/harness/invoke-handler.ts';

interface OrderRequestOptions {
  readonly buyer?: string;
  readonly key?: string;
  readonly lines?: readonly unknown[];
  readonly couponId?: string | undefined;
}

/** create-order as composed, over tables in memory and a catalogue of tea and cups. */
export const createOrderHarness = ({ coupons = [] }: { coupons?: readonly Coupon[] } = {}) => {
  const tables = new MemoryDynamo({
    orders: ['orderId'],
    products: ['sku'],
    coupons: ['userId', 'couponId'],
    payments: ['paymentId'],
  });
  const answers = createMemoryIdempotencyTable();
  let minutes = 0;
  const clock = { now: () => new Date(noon.getTime() + minutes++ * 60_000) };
  const stores = {
    db: tables.client,
    orders: createOrderRepository(tables.client, 'orders'),
    products: createProductRepository(tables.client, 'products'),
    coupons: createCouponRepository(tables.client, 'coupons'),
    payments: createPaymentRepository(tables.client, 'payments'),
    buyersPayments: createPaymentListRepository(tables.client, 'payments'),
  };
  const handler = idempotentRoute(
    { name: 'create-order', schema: createOrderSchema, ...answers.store },
    createOrder({ place: createPlaceOrder(stores), clock }),
    toCreatedOrderResponse,
  );

  const stock = (product: Product) => tables.put('products', product);
  stock(aProduct({ sku: 'tea', unitPrice: 2_500 }));
  stock(aProduct({ sku: 'cup', unitPrice: 1_000 }));
  for (const coupon of coupons) tables.put('coupons', coupon);

  return {
    stores,
    tables,
    answers,
    stock,
    orders: () => tables.items<Order>('orders'),
    coupons: () => tables.items<Coupon>('coupons'),
    put: (table: 'orders' | 'coupons' | 'payments', item: object) => tables.put(table, item),
    post: (body: unknown, { buyer = 'alice', key = 'k-1' }: OrderRequestOptions = {}) =>
      call(handler, { method: 'POST', path: '/orders', buyer, key, body }),
    order: ({
      lines = [{ sku: 'tea', quantity: 1 }],
      couponId,
      buyer = 'alice',
      key = 'k-1',
    }: OrderRequestOptions = {}) =>
      call(handler, { method: 'POST', path: '/orders', buyer, key, body: { lines, couponId } }),
  };
};
