import { describe, expect, it } from 'vitest';
import { reconcile } from '../../../shared/application/reconciliation/reconcile.ts';
import { canaryBuyer, canarySku } from '../../../shared/domain/canary.ts';
import {
  createReconciliationReader,
  reconciledTables,
} from '../../../shared/persistence/reconciliation-reader.ts';
import { aBalance, anOrder, aPayment, aProduct } from '../../support/builders/builders.ts';
import { MemoryDynamo } from '../../support/fakes/memory-dynamo.ts';
import {
  completedStores,
  emptyStores,
  order,
  payment,
  refund,
} from '../domain/reconciliation/harness.ts';

const keys = {
  payments: ['paymentId'],
  compensations: ['paymentId', 'target'],
  refunds: ['refundId'],
  orders: ['orderId'],
  balances: ['userId'],
  products: ['sku'],
  coupons: ['userId', 'couponId'],
};
const tableNames = Object.fromEntries(reconciledTables.map((name) => [name, name])) as Record<
  (typeof reconciledTables)[number],
  string
>;

/** Tables with a completed payment, for further items of a test. */
const createTables = () => {
  const tables = new MemoryDynamo(keys);
  for (const name of ['payments', 'orders', 'balances', 'products', 'coupons'] as const) {
    for (const item of completedStores[name]) tables.put(name, item);
  }
  const charges = async function* () {
    yield* completedStores.charges;
  };

  return {
    tables,
    runReconciliation: () =>
      reconcile(createReconciliationReader({ db: tables.client, tables: tableNames, charges })),
  };
};

describe('reconcile tables with an unreadable item', () => {
  it.each([
    [
      'payments',
      { ...payment(), paymentId: 'pay_x', orderId: 'ord_x', amount: '5' },
      'payment pay_x',
    ],
    ['payments', { paymentId: 'pay_x' }, 'payment pay_x'],
    ['payments', { ...payment('claimed', 'captured'), gatewayAmount: undefined }, 'payment pay_1'],
    ['payments', { ...payment('claimed', 'captured'), reservation: null }, 'payment pay_1'],
    ['compensations', { paymentId: 'pay_1', target: 'STOCK#tea', delta: 1n }, 'payment pay_1'],
    ['refunds', { ...refund(), gatewayAmount: undefined }, 'payment pay_1'],
    ['refunds', { ...refund(), lines: { __proto__: null } }, 'payment pay_1'],
    ['orders', { orderId: 'ord_1', status: 'PAID' }, 'order ord_1'],
    ['orders', { ...completedStores.orders[0], expiration: 1_800_000_000 }, 'order ord_1'],
    ['payments', { ...payment('claimed', 'captured'), expiration: 1 }, 'payment pay_1'],
    ['balances', { ...aBalance({ userId: 'bob' }), held: '12' }, 'buyer bob'],
    ['balances', { ...aBalance({ userId: 'bob' }), available: 2n ** 53n }, 'buyer bob'],
    ['products', { sku: 'cup', name: 'a cup' }, 'product cup'],
    ['coupons', { userId: 'ann', couponId: 'c', status: 1 }, 'coupon ann/c'],
  ])('reports an item of %s as one discrepancy: %o', async (table, item, subject) => {
    const { tables, runReconciliation } = createTables();
    tables.put(table, item);

    const { isReconciled, discrepancies, unstable } = await runReconciliation();

    expect({ isReconciled, unstable }).toEqual({ isReconciled: false, unstable: [] });
    expect(discrepancies.map(({ kind, id, check: what }) => `${kind} ${id}: ${what}`)).toEqual([
      `${subject}: item`,
    ]);
    expect(discrepancies[0]?.found).toContain(`unreadable in ${table}: `);
    expect(JSON.parse(JSON.stringify(discrepancies))).toEqual(discrepancies);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'reconciles the sale and the refund of a product called %s',
    async (sku) => {
      const { tables, runReconciliation } = createTables();
      const lines = [{ sku, quantity: 2 }];
      const { reservation, ...rest } = payment('claimed', 'captured');
      tables.put('payments', {
        ...rest,
        reservation: { balance: 1_200, lines },
        refunded: 1_000,
        gatewayRefunded: 800,
      });
      tables.put('orders', { ...completedStores.orders[0], status: 'PARTIALLY_REFUNDED' });
      tables.put(
        'refunds',
        refund({ lines: [{ sku, quantity: 1, restock: true, amount: 1_000 }] }),
      );
      tables.put('balances', { ...completedStores.balances[0], spent: 1_000, available: 9_000 });
      tables.put('products', emptyStores.products[0] as object);
      tables.put('products', aProduct({ sku, available: 9, sold: 1 }));

      const { discrepancies } = await runReconciliation();

      expect(discrepancies).toMatchObject([
        { kind: 'payment', check: 'gateway balance', difference: 800 },
      ]);
    },
  );
});

describe('reconcile tables with items of the canary', () => {
  const sold = aProduct({ sku: canarySku, available: 1, sold: 9, received: 10 });
  const canaryOrder = anOrder({ orderId: 'ord_c', userId: canaryBuyer });
  const expired = { expiration: 1_800_000_000 };

  it.each([
    ['the product, which has sold more than is stored', 'products', sold],
    ['an order whose payment is deleted', 'orders', { ...canaryOrder, ...expired }],
    [
      'a payment whose order is deleted',
      'payments',
      { ...aPayment({ order: canaryOrder, paymentId: 'pay_c' }), ...expired },
    ],
    [
      'a compensation record whose payment is deleted',
      'compensations',
      { paymentId: 'pay_c', target: `STOCK#${canarySku}`, delta: 1, ...expired },
    ],
  ])('does not compare %s', async (_what, table, item) => {
    const { tables, runReconciliation } = createTables();
    const { counts } = await runReconciliation();
    tables.put(table, item);

    const report = await runReconciliation();

    expect(report).toMatchObject({ isReconciled: true, discrepancies: [], unstable: [] });
    expect(report.counts).toEqual(counts);
  });

  it('does not compare what an earlier version restored for a payment of the canary', async () => {
    const { tables, runReconciliation } = createTables();
    const { counts } = await runReconciliation();
    tables.put('payments', aPayment({ order: canaryOrder, paymentId: 'pay_c' }));
    for (const target of [`STOCK#${canarySku}`, 'ORDER#ord_c'])
      tables.put('compensations', {
        ...{ paymentId: 'pay_c', target, delta: 1, outcome: 'restored' },
        compensatedAt: '2026-11-23T09:00:00.000Z',
      });

    const report = await runReconciliation();

    expect(report).toMatchObject({ isReconciled: true, discrepancies: [], unstable: [] });
    expect(report.counts).toEqual(counts);
  });

  it('reports a compensation record of another buyer as missing if it would expire', async () => {
    const { tables, runReconciliation } = createTables();
    tables.put('payments', payment('claimed', 'declined', 'compensated'));
    tables.put('orders', order('CANCELLED'));
    tables.put('compensations', {
      ...{ paymentId: 'pay_1', target: 'STOCK#tea', delta: 2, outcome: 'restored' },
      ...{ compensatedAt: '2026-11-23T09:00:00.000Z', ...expired },
    });

    const { discrepancies } = await runReconciliation();

    expect(discrepancies).toContainEqual(
      expect.objectContaining({ id: 'pay_1', check: 'stock tea restored', found: 0, expected: 2 }),
    );
  });
});
