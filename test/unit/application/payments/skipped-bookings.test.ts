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
import { aBalance, anOrder, aPayment, aProduct, noon } from '../../../support/builders/builders.ts';
import { captureMetrics } from '../../../support/capture-metrics.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';
import { createMemoryRepositories } from '../../../support/fakes/memory-repositories.ts';

const step = { at: noon, by: 'test', detail: 'approved' };
const lines = [
  { sku: 'tea', quantity: 2, unitPrice: 2_000 },
  { sku: 'cup', quantity: 1, unitPrice: 1_000 },
];
const placed = anOrder({ orderId: 'ord_1', userId: 'alice', lines });
const claimed = transitionPayment(aPayment({ order: placed, paymentId: 'pay_1' }), 'claimed', step);
const captured = transitionPayment(claimed, 'captured', step);

/** A payment of 5,000 KRW, 2,000 of them from the balance, in status CHARGING; balance and products hold exactly what it reserved. */
const createHarness = () => {
  const tables = new MemoryDynamo({
    Orders: ['orderId'],
    Payments: ['paymentId'],
    Balances: ['userId'],
    Products: ['sku'],
  });
  const db = tables.client;
  const repositories = createMemoryRepositories(db);
  const order: Order = { ...placed, status: 'PAYING', activePaymentId: 'pay_1', version: 2 };
  tables.put('Payments', claimed);
  tables.put('Orders', order);
  tables.put('Balances', aBalance({ userId: 'alice', available: 0, held: 2_000 }));
  tables.put('Products', aProduct({ sku: 'tea', available: 8, reserved: 2 }));
  tables.put('Products', aProduct({ sku: 'cup', available: 9, reserved: 1 }));

  return {
    tables,
    order,
    capture: () => createCapturePayment(repositories)(claimed, captured),
    captureAfterReview: () => createCaptureAfterReview(repositories)(claimed, captured),
    payment: () => tables.items<Payment>('Payments')[0] as Payment,
    counters: () => ({
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

type Harness = ReturnType<typeof createHarness>;

const booked = {
  order: ['COMPLETED'],
  money: [[0, 2_000]],
  stock: [
    ['tea', 0, 2],
    ['cup', 0, 1],
  ],
};

afterEach(() => {
  vi.restoreAllMocks();
});

describe('capture payment', () => {
  it.each<[string, (harness: Harness) => void, object, Partial<typeof booked>]>([
    [
      'a missing product',
      ({ tables }) => tables.deleteItem('Products', { sku: 'tea' }),
      { target: 'STOCK#tea', delta: 2, outcome: 'target-missing' },
      { stock: [['cup', 0, 1]] },
    ],
    [
      'a product that was created again without reservations',
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
      'a missing balance',
      ({ tables }) => tables.deleteItem('Balances', { userId: 'alice' }),
      { target: 'BALANCE#alice', delta: 2_000, outcome: 'target-missing' },
      { money: [] },
    ],
    [
      'a balance that holds less than the payment',
      ({ tables }) => tables.put('Balances', aBalance({ userId: 'alice', held: 1_999 })),
      { target: 'BALANCE#alice', delta: 2_000, outcome: 'target-mismatch' },
      { money: [[1_999, 0]] },
    ],
    [
      'a missing order',
      ({ tables }) => tables.deleteItem('Orders', { orderId: 'ord_1' }),
      { target: 'ORDER#ord_1', delta: 0, outcome: 'target-missing' },
      { order: [] },
    ],
  ])('completes, books the rest and records %s', async (_what, arrange, skipped, rest) => {
    const harness = createHarness();
    arrange(harness);

    expect(await harness.capture()).toBe('written');

    expect(harness.payment()).toMatchObject({
      status: 'COMPLETED',
      version: 3,
      skipped: [skipped],
    });
    expect(harness.counters()).toEqual({ ...booked, ...rest });
  });

  it('records skipped bookings in the history, a metric and the log', async () => {
    const logWarning = vi.spyOn(logger, 'warn').mockImplementation(() => {});
    const harness = createHarness();
    harness.tables.deleteItem('Products', { sku: 'tea' });
    harness.tables.deleteItem('Products', { sku: 'cup' });

    const metrics = captureMetrics();
    flushMetrics();

    await harness.capture();
    flushMetrics();

    expect(harness.payment().history.at(-1)?.detail).toBe(
      'approved; not booked: STOCK#tea (target-missing), STOCK#cup (target-missing)',
    );
    expect(metrics.at(-1)).toEqual({ BookingsSkipped: 2 });
    expect(logWarning).toHaveBeenCalledWith('booking skipped', {
      paymentId: 'pay_1',
      skipped: harness.payment().skipped,
    });
  });

  it('records no skipped booking if all writes succeed', async () => {
    const harness = createHarness();

    expect(await harness.capture()).toBe('written');

    expect(harness.payment()).toEqual(captured);
    expect(harness.counters()).toEqual(booked);
  });

  it.each([
    ['is cancelled', { status: 'CANCELLED' }],
    ['belongs to another payment', { status: 'COMPLETED', activePaymentId: 'pay_2' }],
  ] as const)(
    'writes nothing if the order %s, because the buyer may have paid twice',
    async (_, given) => {
      const harness = createHarness();
      harness.tables.put('Orders', { ...harness.order, ...given });
      harness.tables.deleteItem('Products', { sku: 'tea' });

      expect(await harness.capture()).toBe('ledger-mismatch');

      expect(harness.payment()).toEqual(claimed);
      expect(harness.counters().money).toEqual([[2_000, 0]]);
    },
  );

  it('books after an operator decision and records the skipped order', async () => {
    const harness = createHarness();
    const heldOrder = { ...harness.order, status: 'COMPLETED', activePaymentId: 'pay_2' };
    harness.tables.put('Orders', heldOrder);

    expect(await harness.captureAfterReview()).toBe('written');

    expect(harness.payment()).toMatchObject({
      status: 'COMPLETED',
      skipped: [{ target: 'ORDER#ord_1', delta: 0, outcome: 'target-mismatch' }],
    });
    expect(harness.tables.items('Orders')).toEqual([heldOrder]);
    expect(harness.counters()).toEqual(booked);
  });
});
