import type { Context } from 'aws-lambda';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cancelOrder } from '../../../../functions/cancel-order/handler.ts';
import { recoverOrder } from '../../../../functions/sweep-payments/recover-order.ts';
import { createCancelOrder } from '../../../../shared/application/orders/cancel-order.ts';
import { createPlaceOrder } from '../../../../shared/application/orders/place-order.ts';
import { reconcile } from '../../../../shared/application/reconciliation/reconcile.ts';
import { RejectionError } from '../../../../shared/domain/errors.ts';
import { deriveOrderId, derivePaymentId } from '../../../../shared/domain/ids.ts';
import type { Coupon, Order } from '../../../../shared/domain/orders/order.ts';
import { eventOfChange } from '../../../../shared/domain/outbox/outbox-event.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { createPaymentListRepository } from '../../../../shared/persistence/payment-list-repository.ts';
import { createReconciliationReader } from '../../../../shared/persistence/reconciliation-reader.ts';
import { aBalance, aCoupon, anOrder, aProduct, noon } from '../../../support/builders/builders.ts';
import { declined } from '../../../support/builders/gateway-outcomes.ts';
import { tableNames } from '../../../support/builders/table-names.ts';
import { traceparent } from '../../../support/builders/trace.ts';
import { createCheckoutHarness } from '../../../support/harness/checkout-harness.ts';

const buyer = 'alice';
const couponId = 'welcome';
const expiresAt = new Date(noon.getTime() + 1_000);
const overdue = new Date(expiresAt.getTime() + timings.local.sweepGraceMs);
const order = anOrder({
  orderId: 'ord_1',
  userId: buyer,
  lines: [{ sku: 'tea', quantity: 1, unitPrice: 2_000 }],
  couponId,
  discount: 500,
  expiresAt: expiresAt.toISOString(),
  dueShard: '0',
  dueAt: expiresAt.toISOString(),
});

/**
 * The concurrent writers: payments under some keys, cancels, sweeps, and another order with the same coupon.
 */
const anyRace = fc.record({
  keys: fc.uniqueArray(fc.constantFrom('k1', 'k2'), { maxLength: 2 }),
  isDeclined: fc.boolean(),
  isPoor: fc.boolean(),
  cancels: fc.nat({ max: 2 }),
  sweeps: fc.nat({ max: 2 }),
  others: fc.nat({ max: 2 }),
});

const times = (count: number, work: () => Promise<unknown>) =>
  Promise.allSettled(Array.from({ length: count }, work));

it('ends an order once and releases its coupon once, in any order of writers', async () => {
  const ends = new Set<string>();

  await fc.assert(
    fc.asyncProperty(fc.scheduler(), anyRace, async (scheduler, given) => {
      const checkout = createCheckoutHarness({
        turn: () => scheduler.schedule(Promise.resolve()),
        gateway: {
          charge: async () =>
            given.isDeclined
              ? declined
              : { outcome: 'approved', transactionId: 'tx', approvedAt: noon.toISOString() },
          inquire: async () => ({ outcome: 'not-found' }),
          cancel: async () => ({ outcome: 'cancelled' }),
          refund: async () => ({ outcome: 'ambiguous', reason: 'nothing was captured' }),
          inquireRefund: async () => ({ outcome: 'not-found' }),
        },
        clock: { now: () => noon },
      });
      const { tables, stores } = checkout;
      tables.put('Balances', aBalance({ userId: buyer, available: given.isPoor ? 100 : 5_000 }));
      tables.put('Products', aProduct({ sku: 'tea', available: 5, unitPrice: 2_000 }));
      tables.put('Orders', order);
      tables.put('Coupons', aCoupon({ userId: buyer, couponId, status: 'USED', orderId: 'ord_1' }));
      const cancel = createCancelOrder(stores);
      const cancelByBuyer = cancelOrder({ ...stores, cancel, clock: { now: () => noon } });
      const recover = recoverOrder({ ...stores, cancel, timings: timings.local }, overdue);
      const place = createPlaceOrder({
        ...stores,
        buyersPayments: createPaymentListRepository(tables.client, 'Payments'),
      });
      const placeAnother = () =>
        place(
          {
            orderId: deriveOrderId(buyer, 'another'),
            userId: buyer,
            lines: [{ sku: 'tea', quantity: 1 }],
            couponId,
            requestHash: 'another',
          },
          noon,
        );
      const current = () =>
        tables.items<Order>('Orders').find(({ orderId }) => orderId === 'ord_1');

      const pay = async (key: string) => {
        const body = { orderId: 'ord_1', balanceAmount: 1_000, paymentMethod: 'any' };
        const paymentId = derivePaymentId(buyer, key);
        await checkout.accept({ buyer, key, body, traceparent }).catch(() => {});
        await checkout.charge(paymentId).catch(() => {});
        await times(2, async () => {
          await Promise.allSettled(checkout.compensationSteps.map((step) => step({ paymentId })));
          await checkout.finish({ paymentId }, {} as Context);
        });
      };
      const [, rejections] = await scheduler.waitFor(
        Promise.all([
          Promise.allSettled(given.keys.map(pay)),
          times(given.others, placeAnother),
          times(given.cancels, () =>
            cancelByBuyer({ buyer, orderId: 'ord_1', key: 'c', body: undefined, traceparent }),
          ),
          times(given.sweeps, () => recover('ord_1')),
        ]),
      );

      const found = current() as Order;
      const orderChanges = tables.changes.filter(
        ({ table, after }) => table === 'Orders' && after.orderId === 'ord_1',
      );
      const events = orderChanges.flatMap(
        (change) => eventOfChange({ of: 'order', ...change }) ?? [],
      );
      const couponReleases = tables.changes.filter(
        ({ table, before, after }) =>
          table === 'Coupons' && before?.orderId === 'ord_1' && after.status === 'AVAILABLE',
      );
      const isCancelled = found.status === 'CANCELLED';
      expect(couponReleases).toHaveLength(isCancelled ? 1 : 0);
      expect(events.filter(({ name }) => name === 'OrderCancelled')).toHaveLength(
        isCancelled ? 1 : 0,
      );
      // Only the compensation of the payment that holds an order cancels it.
      for (const { before, after } of orderChanges) {
        if (before?.status === 'PAYING' && after.status === 'CANCELLED') {
          expect(after.cancelReason).toBe('payment-failed');
        }
      }
      const open = tables
        .items<Payment>('Payments')
        .filter(({ status }) => status !== 'FAILED' && status !== 'COMPENSATED');
      if (open.length > 0) expect(isCancelled).toBe(false);
      if (isCancelled) expect(found).not.toHaveProperty('dueAt');

      // A rejection without Retry-After is final, so it must stay true.
      for (const rejection of rejections) {
        if (rejection.status === 'fulfilled') continue;
        expect(rejection.reason).toBeInstanceOf(RejectionError);
        if (rejection.reason.data.retryAfterSeconds === undefined) {
          expect(found.status).toBe('COMPLETED');
        }
      }
      const charges = async function* () {
        for (const { paymentId, status, currency, gatewayAmount: captured } of open) {
          if (status === 'COMPLETED')
            yield { reference: paymentId, currency, captured, captures: 1, refunded: 0 };
        }
      };
      const ledger = createReconciliationReader({ db: tables.client, tables: tableNames, charges });
      expect(await scheduler.waitFor(reconcile(ledger))).toMatchObject({ isReconciled: true });

      // The coupon is never lost: another order can use it as soon as this order is cancelled.
      const [coupon] = tables.items<Coupon>('Coupons');
      if (isCancelled && coupon?.status === 'AVAILABLE') {
        expect(await scheduler.waitFor(placeAnother())).toMatchObject({ order: { discount: 500 } });
      }
      ends.add(found.cancelReason ?? found.status);
    }),
    { numRuns: 500 },
  );

  expect([...ends].toSorted()).toEqual(
    expect.arrayContaining(['COMPLETED', 'cancelled-by-buyer', 'expired', 'payment-failed']),
  );
}, 60_000);
