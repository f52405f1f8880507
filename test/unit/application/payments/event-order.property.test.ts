import type { Context } from 'aws-lambda';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reconcile } from '../../../../shared/application/reconciliation/reconcile.ts';
import type { CompensationRecord } from '../../../../shared/domain/compensation/compensation.ts';
import { derivePaymentId } from '../../../../shared/domain/ids.ts';
import type { Balance } from '../../../../shared/domain/money.ts';
import type { Order, Product } from '../../../../shared/domain/orders/order.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { compareSnapshots } from '../../../../shared/domain/reconciliation/compare-snapshots.ts';
import {
  type GatewayCharge,
  versionsOf,
} from '../../../../shared/domain/reconciliation/records.ts';
import type {
  ChargeOutcome,
  ChargeRequest,
  InquiryOutcome,
} from '../../../../shared/gateway/payment-gateway.ts';
import {
  createReconciliationReader,
  type ReconciliationReader,
} from '../../../../shared/persistence/reconciliation-reader.ts';
import { aBalance, aCoupon, anOrder, aProduct, noon } from '../../../support/builders/builders.ts';
import { declined } from '../../../support/builders/gateway-outcomes.ts';
import { tableNames } from '../../../support/builders/table-names.ts';
import { traceparent } from '../../../support/builders/trace.ts';
import { createCheckoutHarness } from '../../../support/harness/checkout-harness.ts';

const outcomes: Record<string, ChargeOutcome> = {
  approve: { outcome: 'approved', transactionId: 'tx', approvedAt: noon.toISOString() },
  decline: declined,
  lose: { outcome: 'ambiguous', reason: 'timeout' },
  vanish: { outcome: 'ambiguous', reason: 'timeout' },
  miss: { outcome: 'not-sent', reason: 'refused' },
};

const approval = outcomes.approve as InquiryOutcome;

const buyers = ['alice', 'bob'] as const;
const skus = ['tea', 'cup'] as const;

const plannedOrder = fc.record({
  buyer: fc.constantFrom(...buyers),
  lines: fc
    .array(fc.record({ sku: fc.constantFrom(...skus), quantity: fc.integer({ min: 1, max: 3 }) }), {
      minLength: 1,
      maxLength: 2,
    })
    .map((lines) => [...new Map(lines.map((line) => [line.sku, line])).values()]),
  withCoupon: fc.boolean(),
});

/** One click on "pay" and the messages that follow from it, each delivered several times. */
const click = fc.record({
  order: fc.nat({ max: 2 }),
  key: fc.constantFrom('k1', 'k2', 'k3'),
  /** The part of the total that the balance pays. */
  balanceShare: fc.constantFrom(0, 0.4, 1),
  outcome: fc.constantFrom(...Object.keys(outcomes)),
  deliveries: fc.integer({ min: 1, max: 3 }),
});

type Checkout = ReturnType<typeof createCheckoutHarness>;

const expectConsistentCounters = ({ tables }: Checkout): void => {
  for (const { available, held, spent, deposited } of tables.items<Balance>('Balances')) {
    expect(Math.min(available, held, spent)).toBeGreaterThanOrEqual(0);
    expect(available + held + spent).toBe(deposited);
  }
  for (const { available, reserved, sold, received } of tables.items<Product>('Products')) {
    expect(Math.min(available, reserved, sold)).toBeGreaterThanOrEqual(0);
    expect(available + reserved + sold).toBe(received);
  }
};

/** The charges that the gateway has made. After a lost response, the charge exists. */
const createChargeList = (
  chargeRequests: readonly ChargeRequest[],
  fates: ReadonlyMap<string, string>,
) =>
  async function* (): AsyncIterable<GatewayCharge> {
    for (const { reference, amount: captured, currency } of chargeRequests) {
      const isCaptured = ['approve', 'lose'].includes(fates.get(reference) ?? '');
      if (isCaptured) yield { reference, currency, captured, captures: 1, refunded: 0 };
    }
  };

/**
 * The discrepancies of one comparison during concurrent writes. It may see few subjects, but must report no
 * false discrepancy.
 */
const discrepanciesOf = async ({
  readVersionedRecords,
  readUnversionedRecords,
}: ReconciliationReader) => {
  const before = versionsOf(await readVersionedRecords());
  const unversioned = await readUnversionedRecords();
  const { results } = compareSnapshots(before, unversioned, await readVersionedRecords());

  return results.filter(({ isStable }) => isStable).flatMap(({ discrepancies }) => discrepancies);
};

it('keeps balances and stock consistent in any order of requests and messages', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(plannedOrder, { minLength: 3, maxLength: 3 }),
      fc.array(click, { minLength: 1, maxLength: 8 }),
      async (scheduler, plans, clicks) => {
        const chargeRequests: ChargeRequest[] = [];
        const fates = new Map<string, string>();
        const checkout = createCheckoutHarness({
          turn: async () => {
            await scheduler.schedule(Promise.resolve());
            expectConsistentCounters(checkout);
          },
          gateway: {
            charge: async (request) => {
              chargeRequests.push(request);

              return outcomes[fates.get(request.reference) ?? 'approve'] as ChargeOutcome;
            },
            inquire: async ({ reference }) =>
              fates.get(reference) === 'vanish' ? { outcome: 'not-found' } : approval,
            cancel: async () => ({ outcome: 'cancelled' }),
            refund: async () => ({ outcome: 'ambiguous', reason: 'nothing was captured' }),
            inquireRefund: async () => ({ outcome: 'not-found' }),
          },
          clock: { now: () => noon },
        });
        for (const userId of buyers) {
          checkout.tables.put('Balances', aBalance({ userId, available: 4_000 }));
        }
        for (const sku of skus) checkout.tables.put('Products', aProduct({ sku, available: 4 }));
        const orders = plans.map(({ buyer, lines, withCoupon }, index) => {
          const couponId = `coupon-${index}`;
          const order = anOrder({
            orderId: `ord_${index}`,
            userId: buyer,
            lines: lines.map((line) => ({ ...line, unitPrice: 1_000 })),
            ...(withCoupon && { couponId, discount: 500 }),
          });
          checkout.tables.put('Orders', order);
          const used = { userId: buyer, couponId, status: 'USED', orderId: order.orderId } as const;
          if (withCoupon) checkout.tables.put('Coupons', aCoupon(used));

          return order;
        });

        const { client: db } = checkout.tables;
        const charges = createChargeList(chargeRequests, fates);
        const ledger = createReconciliationReader({ db, tables: tableNames, charges });
        const settled = clicks.map(
          async ({ order: index, key, balanceShare, outcome, deliveries }) => {
            const order = orders[index] as Order;
            const paymentId = derivePaymentId(order.userId, key);
            if (!fates.has(paymentId)) fates.set(paymentId, outcome);
            const balanceAmount = Math.floor(order.total * balanceShare);
            const body = { orderId: order.orderId, balanceAmount, paymentMethod: 'any' };
            await Promise.allSettled([
              checkout.accept({ buyer: order.userId, key, body, traceparent }),
            ]);
            await all(deliveries, () => checkout.charge(paymentId));
            await all(deliveries, () => checkout.inquire(paymentId));
            await all(deliveries, async () => {
              await Promise.allSettled(
                checkout.compensationSteps.map((step) => step({ paymentId })),
              );
              await checkout.finish({ paymentId }, {} as Context);
            });
          },
        );
        const concurrentDiscrepancies = discrepanciesOf(ledger);
        await scheduler.waitFor(Promise.all(settled));

        expect(await scheduler.waitFor(concurrentDiscrepancies)).toEqual([]);
        expect(await scheduler.waitFor(reconcile(ledger))).toMatchObject({ isReconciled: true });
        expectChargedOnce(chargeRequests, fates);
        expectCompensatedOnce(checkout);
        expectCapturesKept(checkout, fates);
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);

/** Delivers a message several times concurrently. Errors are ignored, because SQS would deliver it again. */
const all = (times: number, deliver: () => Promise<unknown>) =>
  Promise.allSettled(Array.from({ length: times }, deliver));

const expectChargedOnce = (
  chargeRequests: readonly ChargeRequest[],
  fates: Map<string, string>,
): void => {
  const conclusive = chargeRequests.filter(({ reference }) => fates.get(reference) !== 'miss');
  const references = conclusive.map(({ reference }) => reference);

  expect(new Set(references).size).toBe(references.length);
};

/** A captured payment is never compensated, even after a lost response. */
const expectCapturesKept = ({ tables }: Checkout, fates: Map<string, string>): void => {
  for (const { paymentId, status, attempt } of tables.items<Payment>('Payments')) {
    if (attempt === 0 || fates.get(paymentId) !== 'lose') continue;
    expect(['FAILED', 'COMPENSATED']).not.toContain(status);
  }
};

const expectCompensatedOnce = ({ tables }: Checkout): void => {
  const failed = new Set(
    tables
      .items<Payment>('Payments')
      .filter(({ status }) => status === 'FAILED' || status === 'COMPENSATED')
      .map(({ paymentId }) => paymentId),
  );
  for (const { paymentId } of tables.items<CompensationRecord>('Compensations')) {
    expect(failed).toContain(paymentId);
  }
};
