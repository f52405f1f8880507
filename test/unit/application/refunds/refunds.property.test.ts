import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reservedLines } from '../../../../shared/domain/compensation/compensation.ts';
import { RejectionError } from '../../../../shared/domain/errors.ts';
import type { Balance } from '../../../../shared/domain/money.ts';
import type { Order, Product } from '../../../../shared/domain/orders/order.ts';
import { refundStageOf } from '../../../../shared/domain/payments/buyer-status.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import type { Refund } from '../../../../shared/domain/refunds/refund.ts';
import { aBalance, aProduct, noon } from '../../../support/builders/builders.ts';
import { aPaidOrder } from '../../../support/builders/refund-generators.ts';
import { traceparent } from '../../../support/builders/trace.ts';
import { createGatewayModel, type RequestFate } from '../../../support/fakes/gateway-model.ts';
import { createCheckoutHarness } from '../../../support/harness/checkout-harness.ts';
import { createRefundHarness } from '../../../support/harness/refund-harness.ts';

const skus = ['tea', 'cup'] as const;

const anySelection = fc.oneof(
  fc.record({ amount: fc.integer({ min: 1, max: 3_000 }) }),
  fc.record({
    lines: fc.array(
      fc.record({
        sku: fc.constantFrom(...skus),
        quantity: fc.integer({ min: 1, max: 2 }),
        restock: fc.boolean(),
      }),
      { minLength: 1, maxLength: 2 },
    ),
  }),
);

/** One click on "refund" and the messages that follow from it, each delivered several times. */
const click = fc.record({
  selection: anySelection,
  balanceFirst: fc.boolean(),
  key: fc.constantFrom('k1', 'k2', 'k3', 'k4'),
  deliveries: fc.integer({ min: 1, max: 2 }),
});

const isPositive = (amount: number) => amount > 0;
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** Two units on one shard, and one on another. */
const withTeaOnShards = (payment: Payment): Payment => ({
  ...payment,
  ...(payment.reservation && {
    reservation: {
      ...payment.reservation,
      lines: payment.reservation.lines.map((line) =>
        line.sku === 'tea'
          ? {
              ...line,
              parts: [
                { sku: 'tea#2', quantity: 2 },
                { sku: 'tea', quantity: 1 },
              ],
            }
          : line,
      ),
    },
  }),
});

it('keeps payment, order, balance, stock and gateway consistent in any order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.integer({ min: 0, max: 4_067 }),
      fc.array(click, { minLength: 1, maxLength: 6 }),
      fc.array(fc.constantFrom<RequestFate>('not-sent', 'lost', 'answered', 'response-lost'), {
        maxLength: 8,
      }),
      fc.boolean(),
      async (scheduler, balanceAmount, clicks, fates, isSharded) => {
        const left: RequestFate[] = ['answered', ...fates];
        const pg = createGatewayModel(() => left.shift() ?? 'answered');
        const clock = { now: () => noon };
        const turn = async () => {
          await scheduler.schedule(Promise.resolve());
          expectNoNegativeAmounts();
        };
        const checkout = createCheckoutHarness({ turn, gateway: pg.gateway, clock });
        const { tables } = checkout;
        const refundHarness = createRefundHarness({ ...checkout, gateway: pg.gateway, clock });
        const { order, payment: unsharded } = aPaidOrder(
          {
            userId: 'alice',
            lines: [
              { sku: 'tea', quantity: 3, unitPrice: 1_000 },
              { sku: 'cup', quantity: 2, unitPrice: 700 },
            ],
            discount: 333,
          },
          balanceAmount,
        );
        const payment = isSharded ? withTeaOnShards(unsharded) : unsharded;
        tables.put('Orders', order);
        tables.put('Payments', payment);
        tables.put('Balances', aBalance({ userId: 'alice', spent: balanceAmount, available: 0 }));
        for (const { sku, quantity } of reservedLines(payment)) {
          if (sku !== 'cup')
            tables.put('Products', aProduct({ sku, available: 0, sold: quantity }));
        }
        tables.put('Products', aProduct({ sku: 'cup', available: 0, sold: 2 }));
        const { paymentId, gatewayAmount, currency } = payment;
        const charge = { reference: paymentId, amount: gatewayAmount, currency };
        await pg.gateway.charge({ ...charge, key: 'chg', paymentMethod: 'any' });

        const settled = clicks.map(async ({ selection, balanceFirst, key, deliveries }) => {
          const body = { reason: 'any', balanceFirst, ...selection };
          const requested = await refundHarness
            .requestRefund({ buyer: 'alice', paymentId, key, body, traceparent })
            .catch((error: unknown) => {
              if (!(error instanceof RejectionError)) throw error;
            });
          if (requested === undefined) return;
          const deliver = () => refundHarness.execute(requested.refundId);
          await Promise.all(Array.from({ length: deliveries }, deliver));
        });
        await scheduler.waitFor(Promise.all(settled));

        expectConsistentEnd();

        function expectNoNegativeAmounts(): void {
          for (const { available, spent } of tables.items<Balance>('Balances')) {
            expect(Math.min(available, spent)).toBeGreaterThanOrEqual(0);
          }
          const stored = tables.items<Payment>('Payments')[0] as Payment;
          const { refunded, refundPending, gatewayRefunded = 0, gatewayRefundPending = 0 } = stored;
          const atGateway = gatewayRefunded + gatewayRefundPending;
          expect(atGateway).toBeLessThanOrEqual(gatewayAmount);
          expect(refunded + refundPending - atGateway).toBeLessThanOrEqual(balanceAmount);
        }

        function expectConsistentEnd(): void {
          const refunds = tables.items<Refund>('Refunds');
          const [after] = tables.items<Payment>('Payments') as [Payment];
          const restocked = (sku: string) =>
            sum(
              refunds
                .flatMap(({ lines }) => lines)
                .filter((line) => line.restock && line.sku === sku)
                .map(({ quantity }) => quantity),
            );

          expect(refunds.map(({ status }) => status)).toEqual(refunds.map(() => 'SUCCEEDED'));
          expect(pg.stateOf(paymentId).refunded.toSorted()).toEqual(
            refunds
              .map((refund) => refund.gatewayAmount)
              .filter(isPositive)
              .toSorted(),
          );
          for (const { lines, amount: refundAmount } of refunds) {
            if (lines.length > 0) expect(sum(lines.map((line) => line.amount))).toBe(refundAmount);
          }
          for (const { sku, quantity } of payment.reservation?.lines ?? []) {
            const lines = refunds.flatMap((refund) => refund.lines);
            const units = lines.filter((line) => line.sku === sku).map((line) => line.quantity);
            expect(sum(units)).toBeLessThanOrEqual(quantity);
          }
          expect(after).toMatchObject({
            refunded: sum(refunds.map((refund) => refund.amount)),
            refundPending: 0,
          });
          expect(after.gatewayRefunded ?? 0).toBe(sum(refunds.map((each) => each.gatewayAmount)));
          expect(after.gatewayRefundPending ?? 0).toBe(0);
          const returned = after.refunded - (after.gatewayRefunded ?? 0);
          expect(tables.items<Balance>('Balances')).toMatchObject([
            { available: returned, spent: balanceAmount - returned },
          ]);
          expect(tables.items<Order>('Orders')).toMatchObject([{ status: refundStageOf(after) }]);
          const products = tables.items<Product>('Products');
          for (const [sku, items] of Map.groupBy(
            products,
            (item) => item.sku.split('#')[0] ?? '',
          )) {
            const received = sum(items.map((item) => item.received));
            expect({
              available: sum(items.map((item) => item.available)),
              sold: sum(items.map((item) => item.sold)),
            }).toEqual({ available: restocked(sku), sold: received - restocked(sku) });
          }
          for (const { sku, restocked: units = 0 } of after.reservation?.lines[0]?.parts ?? [])
            expect(products.find((item) => item.sku === sku)?.available).toBe(units);
        }
      },
    ),
    { numRuns: 200 },
  );
}, 60_000);
