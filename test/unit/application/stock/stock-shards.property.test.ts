import type { Context } from 'aws-lambda';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reconcile } from '../../../../shared/application/reconciliation/reconcile.ts';
import { createResizeStock } from '../../../../shared/application/stock/resize-stock.ts';
import { RejectionError, ServiceUnavailableError } from '../../../../shared/domain/errors.ts';
import { derivePaymentId } from '../../../../shared/domain/ids.ts';
import { type StockCounts, splitStock } from '../../../../shared/domain/orders/stock-shards.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import type { GatewayCharge } from '../../../../shared/domain/reconciliation/records.ts';
import { createReconciliationReader } from '../../../../shared/persistence/reconciliation-reader.ts';
import { createStockShardRepository } from '../../../../shared/persistence/stock-shard-repository.ts';
import { anOrder, aProduct, noon } from '../../../support/builders/builders.ts';
import { declined } from '../../../support/builders/gateway-outcomes.ts';
import { tableNames } from '../../../support/builders/table-names.ts';
import { traceparent } from '../../../support/builders/trace.ts';
import { createCheckoutHarness } from '../../../support/harness/checkout-harness.ts';

const units = 8;

const purchase = fc.record({
  quantity: fc.integer({ min: 1, max: 5 }),
  /** The number of shards when the order was placed. It may be any by now. */
  stockShards: fc.integer({ min: 1, max: 5 }),
  isApproved: fc.boolean(),
});

type Purchase = typeof purchase extends fc.Arbitrary<infer P> ? P : never;

const approved = {
  outcome: 'approved',
  transactionId: 'tx',
  approvedAt: noon.toISOString(),
} as const;

const sumOf = (items: readonly StockCounts[], column: keyof StockCounts) =>
  items.reduce((sum, item) => sum + item[column], 0);

const openShop = (turn: () => Promise<unknown>, purchases: readonly Purchase[], shards: number) => {
  const charges: GatewayCharge[] = [];
  const idOf = (index: number) => derivePaymentId(`buyer-${index}`, 'key');
  const approvedIds = new Set(
    purchases.flatMap(({ isApproved }, index) => (isApproved ? [idOf(index)] : [])),
  );
  const checkout = createCheckoutHarness({
    turn,
    gateway: {
      charge: async ({ reference, amount: captured, currency }) => {
        if (!approvedIds.has(reference)) return declined;
        charges.push({ reference, currency, captured, captures: 1, refunded: 0 });

        return approved;
      },
      inquire: async () => approved,
      cancel: async () => ({ outcome: 'cancelled' }),
      refund: async () => ({ outcome: 'ambiguous', reason: 'unused' }),
      inquireRefund: async () => ({ outcome: 'not-found' }),
    },
    clock: { now: () => noon },
  });
  for (const item of splitStock(aProduct({ sku: 'tea', available: units }), shards))
    checkout.tables.put('Products', item);
  const { client: db } = checkout.tables;
  const ledger = createReconciliationReader({
    db,
    tables: tableNames,
    charges: async function* () {
      yield* charges;
    },
  });

  return {
    ...{ checkout, idOf, ledger },
    stock: () => checkout.tables.items<StockCounts>('Products'),
    resize: createResizeStock({
      db,
      products: checkout.stores.products,
      shards: createStockShardRepository(tableNames.products),
    }),
  };
};

it('sells no unit twice and loses none while shards are added and removed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.integer({ min: 1, max: 4 }),
      fc.array(purchase, { minLength: 1, maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 2 }),
      async (scheduler, shards, purchases, sizes) => {
        const running = new Map<number, number>();
        const shop = openShop(
          async () => {
            await scheduler.schedule(Promise.resolve());
            look();
          },
          purchases,
          shards,
        );
        const { checkout, idOf } = shop;
        const look = () => {
          const stock = shop.stock();
          for (const { available, reserved, sold, received } of stock) {
            expect(Math.min(available, reserved, sold, received)).toBeGreaterThanOrEqual(0);
            expect(available + reserved + sold).toBe(received);
          }
          expect(sumOf(stock, 'received')).toBe(units);
          for (const [index, least] of running)
            running.set(index, Math.min(least, sumOf(stock, 'available')));
        };

        const buy = async ({ quantity, stockShards }: Purchase, index: number) => {
          const buyer = `buyer-${index}`;
          const order = anOrder({
            orderId: `ord_${index}`,
            userId: buyer,
            lines: [
              { sku: 'tea', quantity, unitPrice: 10, ...(stockShards > 1 && { stockShards }) },
            ],
          });
          checkout.tables.put('Orders', order);
          running.set(index, sumOf(shop.stock(), 'available'));
          const body = { orderId: order.orderId, paymentMethod: 'any' };
          const refusal = await checkout.accept({ buyer, key: 'key', body, traceparent }).then(
            () => undefined,
            (error: unknown) => error,
          );
          const least = running.get(index) ?? units;
          running.delete(index);
          if (refusal instanceof RejectionError) {
            expect(refusal.data.code).toBe('out-of-stock');
            // At some moment of the request there were too few.
            expect(least).toBeLessThan(quantity);
          } else if (refusal !== undefined) expect(refusal).toBeInstanceOf(ServiceUnavailableError);
          const paymentId = idOf(index);
          await Promise.allSettled([checkout.charge(paymentId), checkout.charge(paymentId)]);
          await Promise.allSettled(checkout.compensationSteps.map((step) => step({ paymentId })));
          await Promise.allSettled([checkout.finish({ paymentId }, {} as Context)]);
        };
        await scheduler.waitFor(
          Promise.all([
            ...purchases.map(buy),
            Promise.allSettled(sizes.map((size) => shop.resize('tea', size))),
          ]),
        );

        const payments = checkout.tables.items<Payment>('Payments');
        const soldUnits = payments
          .filter(({ status }) => status === 'COMPLETED')
          .flatMap(({ reservation }) => reservation?.lines ?? [])
          .reduce((sum, { quantity }) => sum + quantity, 0);
        expect(sumOf(shop.stock(), 'sold')).toBe(soldUnits);
        expect(sumOf(shop.stock(), 'reserved')).toBe(0);
        expect(await scheduler.waitFor(reconcile(shop.ledger))).toMatchObject({
          isReconciled: true,
          discrepancies: [],
        });
        const { unitsOnRemoved } = await scheduler.waitFor(shop.resize('tea', 1));
        expect(unitsOnRemoved).toBe(0);
        expect(shop.stock()[0]?.available).toBe(units - soldUnits);
      },
    ),
    { numRuns: 200 },
  );
}, 60_000);
