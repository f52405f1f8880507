import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  createCaptureAfterReview,
  createCapturePayment,
} from '../../../../shared/application/payments/capture-payment.ts';
import type { Order } from '../../../../shared/domain/orders/order.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { transitionPayment } from '../../../../shared/domain/payments/payment-transitions.ts';
import { logger } from '../../../../shared/observability/logger.ts';
import { flushMetrics } from '../../../../shared/observability/metrics.ts';
import { createBalanceRepository } from '../../../../shared/persistence/balance-repository.ts';
import { createOrderRepository } from '../../../../shared/persistence/order-repository.ts';
import { createPaymentRepository } from '../../../../shared/persistence/payment-repository.ts';
import { createProductRepository } from '../../../../shared/persistence/product-repository.ts';
import { aBalance, anOrder, aPayment, aProduct, noon } from '../../../support/builders/builders.ts';
import { captureMetrics } from '../../../support/capture-metrics.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';

const step = { at: noon, by: 'test', detail: 'approved' };
const lines = [
  { sku: 'tea', quantity: 2, unitPrice: 2_000 },
  { sku: 'cup', quantity: 1, unitPrice: 1_000 },
];
const placed = anOrder({ orderId: 'ord_1', userId: 'alice', lines });
const claimed = transitionPayment(aPayment({ order: placed, paymentId: 'pay_1' }), 'claimed', step);
const captured = transitionPayment(claimed, 'captured', step);

/** Alice's payment of 5,000 KRW is being charged; each book holds exactly what it reserved. */
const aShop = () => {
  const tables = new MemoryDynamo({
    Orders: ['orderId'],
    Payments: ['paymentId'],
    Balances: ['userId'],
    Products: ['sku'],
  });
  const db = tables.client;
  const books = {
    db,
    orders: createOrderRepository(db, 'Orders'),
    payments: createPaymentRepository(db, 'Payments'),
    balances: createBalanceRepository(db, 'Balances'),
    products: createProductRepository(db, 'Products'),
  };
  const order: Order = { ...placed, status: 'PAYING', activePaymentId: 'pay_1', version: 2 };
  tables.put('Payments', claimed);
  tables.put('Orders', order);
  tables.put('Balances', aBalance({ userId: 'alice', available: 0, held: 5_000 }));
  tables.put('Products', aProduct({ sku: 'tea', available: 8, reserved: 2 }));
  tables.put('Products', aProduct({ sku: 'cup', available: 9, reserved: 1 }));

  return {
    tables,
    order,
    settle: () => createCapturePayment(books)(claimed, captured),
    settleDecided: () => createCaptureAfterReview(books)(claimed, captured),
    payment: () => tables.items<Payment>('Payments')[0] as Payment,
    books: () => ({
      order: tables.items<Order>('Orders').map(({ status }) => status),
      money: tables
        .items<Record<string, unknown>>('Balances')
        .map(({ held, spent }) => [held, spent]),
      stock: tables
        .items<Record<string, unknown>>('Products')
        .map(({ sku, reserved, sold }) => [sku, reserved, sold]),
    }),
  };
};

type Shop = ReturnType<typeof aShop>;

const booked = {
  order: ['COMPLETED'],
  money: [[0, 5_000]],
  stock: [
    ['tea', 0, 2],
    ['cup', 0, 1],
  ],
};

afterEach(() => {
  vi.restoreAllMocks();
});

describe('settle a capture', () => {
  it.each<[string, (shop: Shop) => void, object, Partial<typeof booked>]>([
    [
      'a product that is gone',
      ({ tables }) => tables.deleteItem('Products', { sku: 'tea' }),
      { target: 'STOCK#tea', delta: 2, outcome: 'target-missing' },
      { stock: [['cup', 0, 1]] },
    ],
    [
      'a product that was created again, with nothing reserved',
      ({ tables }) => tables.put('Products', aProduct({ sku: 'tea', available: 100 })),
      { target: 'STOCK#tea', delta: 2, outcome: 'target-mismatch' },
      {
        stock: [
          ['tea', 0, 0],
          ['cup', 0, 1],
        ],
      },
    ],
    [
      'a product whose counter is text',
      ({ tables }) =>
        tables.put('Products', { ...aProduct({ sku: 'tea', reserved: 2 }), sold: '0' }),
      { target: 'STOCK#tea', delta: 2, outcome: 'target-mismatch' },
      {
        stock: [
          ['tea', 2, '0'],
          ['cup', 0, 1],
        ] as never,
      },
    ],
    [
      'a balance that is gone',
      ({ tables }) => tables.deleteItem('Balances', { userId: 'alice' }),
      { target: 'BALANCE#alice', delta: 5_000, outcome: 'target-missing' },
      { money: [] },
    ],
    [
      'a balance that holds less than the payment',
      ({ tables }) => tables.put('Balances', aBalance({ userId: 'alice', held: 4_999 })),
      { target: 'BALANCE#alice', delta: 5_000, outcome: 'target-mismatch' },
      { money: [[4_999, 0]] },
    ],
    [
      'an order that is gone',
      ({ tables }) => tables.deleteItem('Orders', { orderId: 'ord_1' }),
      { target: 'ORDER#ord_1', delta: 0, outcome: 'target-missing' },
      { order: [] },
    ],
  ])('completes, books the rest and records %s', async (_what, happen, skipped, rest) => {
    const shop = aShop();
    happen(shop);

    expect(await shop.settle()).toBe('settled');

    expect(shop.payment()).toMatchObject({ status: 'COMPLETED', version: 3, skipped: [skipped] });
    expect(shop.books()).toEqual({ ...booked, ...rest });
  });

  it('names in the journal what it could not book, measures it and logs it', async () => {
    const warned = vi.spyOn(logger, 'warn').mockImplementation(() => {});
    const shop = aShop();
    shop.tables.deleteItem('Products', { sku: 'tea' });
    shop.tables.deleteItem('Products', { sku: 'cup' });

    const metrics = captureMetrics();
    flushMetrics();

    await shop.settle();
    flushMetrics();

    expect(shop.payment().history.at(-1)?.detail).toBe(
      'approved; not booked: STOCK#tea (target-missing), STOCK#cup (target-missing)',
    );
    expect(metrics.at(-1)).toEqual({ BookingsSkipped: 2 });
    expect(warned).toHaveBeenCalledWith('booking skipped', {
      paymentId: 'pay_1',
      skipped: shop.payment().skipped,
    });
  });

  it('records nothing where every book took its part', async () => {
    const shop = aShop();

    expect(await shop.settle()).toBe('settled');

    expect(shop.payment()).toEqual(captured);
    expect(shop.books()).toEqual(booked);
  });

  it.each([
    ['is cancelled', { status: 'CANCELLED' }],
    ['belongs to another payment', { status: 'COMPLETED', activePaymentId: 'pay_2' }],
  ] as const)(
    'moves nothing where the order %s: the buyer may have paid twice',
    async (_, given) => {
      const shop = aShop();
      shop.tables.put('Orders', { ...shop.order, ...given });
      shop.tables.deleteItem('Products', { sku: 'tea' });

      expect(await shop.settle()).toBe('ledger-mismatch');

      expect(shop.payment()).toEqual(claimed);
      expect(shop.books().money).toEqual([[5_000, 0]]);
    },
  );

  it('books it once a person decided that it stands, and records what the order could not take', async () => {
    const shop = aShop();
    const taken = { ...shop.order, status: 'COMPLETED', activePaymentId: 'pay_2' };
    shop.tables.put('Orders', taken);

    expect(await shop.settleDecided()).toBe('settled');

    expect(shop.payment()).toMatchObject({
      status: 'COMPLETED',
      skipped: [{ target: 'ORDER#ord_1', delta: 0, outcome: 'target-mismatch' }],
    });
    expect(shop.tables.items('Orders')).toEqual([taken]);
    expect(shop.books()).toEqual(booked);
  });
});
