import type { Context } from 'aws-lambda';
import { createEraseBuyer } from '../../../shared/application/erasure/erase-buyer.ts';
import { reconcile } from '../../../shared/application/reconciliation/reconcile.ts';
import type { Database } from '../../../shared/config/platform.ts';
import { derivePaymentId } from '../../../shared/domain/ids.ts';
import type { Order } from '../../../shared/domain/orders/order.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { sum } from '../../../shared/domain/reconciliation/discrepancy.ts';
import { createAuditLog } from '../../../shared/persistence/audit-log.ts';
import { createErasureReader } from '../../../shared/persistence/erasure-reader.ts';
import { createReconciliationReader } from '../../../shared/persistence/reconciliation-reader.ts';
import { anAuditEntry } from '../builders/audit-entry.ts';
import { aBalance, aCoupon, anOrder, aProduct, noon } from '../builders/builders.ts';
import { tableNames } from '../builders/table-names.ts';
import { traceparent } from '../builders/trace.ts';
import { createGatewayModel } from '../fakes/gateway-model.ts';
import { createCheckoutHarness } from './checkout-harness.ts';
import { createRefundHarness } from './refund-harness.ts';

/** No other text contains it. */
export const erasedBuyer = 'buyer-zoe';

const clock = { now: () => noon };
const tables = { ...tableNames, audits: 'Audits' };

interface SentCommand {
  readonly input: {
    readonly TableName?: string;
    readonly TransactItems?: readonly Readonly<Record<string, { readonly TableName: string }>>[];
  };
}

/** The IAM actions of a command, each behind its table. */
const actionsOf = ({ input, constructor: { name } }: SentCommand): readonly string[] => {
  const actionOf = (kind: string) => (/^(Query|Scan)$/.test(kind) ? kind : `${kind}Item`);
  const { TableName, TransactItems } = input;

  return TransactItems === undefined
    ? [`${TableName} ${actionOf(name.replace('Command', ''))}`]
    : TransactItems.flatMap((write) =>
        Object.entries(write).map(([kind, { TableName: table }]) => `${table} ${actionOf(kind)}`),
      );
};

/** A shop in memory with the erasure. `turn` runs before every command to the tables. */
export const createErasureHarness = (turn: () => Promise<unknown> = async () => {}) => {
  const declinedIds = new Set<string>();
  const pg = createGatewayModel(
    () => 'answered',
    (reference) => (declinedIds.has(reference) ? 'declined' : 'captured'),
  );
  const checkout = createCheckoutHarness({ turn, gateway: pg.gateway, clock });
  const refunds = createRefundHarness({ ...checkout, gateway: pg.gateway, clock });
  const { tables: stored } = checkout;
  const db = stored.client;
  const actions = new Set<string>();
  const recordedDb = {
    ...db,
    runtime: { ...db.runtime, clock },
    send: (command: SentCommand) => {
      for (const action of actionsOf(command)) actions.add(action);

      return db.send(command as never);
    },
  } as unknown as Database;
  const erase = createEraseBuyer({
    db: recordedDb,
    tables,
    reader: createErasureReader(recordedDb, tables),
    audits: createAuditLog(recordedDb, tables.audits),
  });
  const ledger = createReconciliationReader({
    db,
    tables,
    charges: async function* () {
      for (const { paymentId: reference, currency } of stored.items<Payment>('Payments')) {
        const { captured, refunded } = pg.stateOf(reference);
        const totals = { captured: sum(captured), refunded: sum(refunded) };
        yield { reference, currency, captures: captured.length, ...totals };
      }
    },
  });

  /** Charges a payment, and compensates it if it fails. */
  const settle = async (paymentId: string) => {
    await checkout.charge(paymentId);
    await Promise.allSettled(checkout.compensationSteps.map((step) => step({ paymentId })));
    await Promise.allSettled([checkout.finish({ paymentId }, {} as Context)]);
  };

  const place = (order: Order) => stored.put('Orders', order);
  const pay = (
    { orderId, userId }: Order,
    given: Readonly<Record<string, unknown>> = {},
    key = orderId,
  ): Promise<unknown> =>
    checkout.accept({
      buyer: userId,
      key,
      body: { orderId, paymentMethod: 'sim_approve', ...given },
      traceparent,
    });
  const paymentIdOf = ({ orderId, userId }: Pick<Order, 'orderId' | 'userId'>) =>
    derivePaymentId(userId, orderId);

  return {
    /** What the erasure has done so far: `Orders UpdateItem`. */
    actions,
    ...{ tables: stored, pg, refunds, checkout, place, pay, settle, paymentIdOf },
    decline: (order: Order) => declinedIds.add(paymentIdOf(order)),
    reconcile: () => reconcile(ledger),
    erase: (given: Partial<Parameters<typeof erase>[0]> = {}) =>
      erase({
        userId: erasedBuyer,
        actor: 'olivia',
        reason: 'ticket 4711',
        isDryRun: false,
        settledMs: 0,
        ...given,
      }),
    /** Everything that is stored, as text. */
    text: () => JSON.stringify(Object.values(tables).map((table) => stored.items<object>(table))),
  };
};

export type ErasureHarness = ReturnType<typeof createErasureHarness>;

/** An order of the buyer who is erased. */
export const anErasedOrder = (orderId: string, given: Partial<Order> = {}): Order =>
  anOrder({
    orderId,
    userId: erasedBuyer,
    lines: [{ sku: 'tea', quantity: 2, unitPrice: 1_000 }],
    ...given,
  });

/** Stores a buyer with all that a buyer may have, nothing of which is open, and Bob with a payment. */
export const putBuyers = async (shop: ErasureHarness): Promise<{ readonly paid: Order }> => {
  const { tables: stored, place, pay, settle, paymentIdOf } = shop;
  const userId = erasedBuyer;
  const coupon = aCoupon({ userId, couponId: 'welcome', amountOff: 300 });
  stored.put('Products', aProduct({ sku: 'tea', available: 20 }));
  stored.put('Balances', aBalance({ userId, available: 700 }));
  stored.put('Balances', aBalance({ userId: 'bob', available: 900 }));
  stored.put('Coupons', { ...coupon, status: 'USED', orderId: 'ord_paid' });
  stored.put('Coupons', aCoupon({ userId, couponId: 'unused' }));

  const declined = anErasedOrder('ord_declined');
  place(declined);
  shop.decline(declined);
  await pay(declined, { balanceAmount: 400, returnUrl: 'https://shop.example/session-zoe' });
  await settle(paymentIdOf(declined));

  const paid = anErasedOrder('ord_paid', { couponId: 'welcome', discount: 300 });
  place(paid);
  await pay(paid, { balanceAmount: 700 });
  await settle(paymentIdOf(paid));
  const { refundId } = await shop.refunds.requestRefund({
    buyer: userId,
    paymentId: paymentIdOf(paid),
    key: 'refund',
    body: { amount: 200, reason: 'too bitter for me', balanceFirst: false },
    traceparent,
  });
  await shop.refunds.execute(refundId);

  const cancelled = anErasedOrder('ord_cancelled');
  place({ ...cancelled, status: 'CANCELLED', cancelReason: 'expired' });
  const bobs = anErasedOrder('ord_bob', { userId: 'bob' });
  place(bobs);
  await pay(bobs, { balanceAmount: 900 });
  await settle(paymentIdOf(bobs));

  const paymentId = paymentIdOf(paid);
  stored.put('LoyaltyPoints', {
    ...{ userId, entry: `PAYMENT#${paymentId}`, paymentId, points: 17, at: noon.toISOString() },
  });
  stored.put('Reviews', {
    ...{ reviewId: 'rev_1', kind: 'dispute', paymentId, orderId: paid.orderId, userId },
    ...{ version: 3, code: 'dispute', amountAtRisk: 1_000, currency: 'KRW', status: 'RESOLVED' },
    ...{ openedAt: noon.toISOString(), decision: 'completed' },
    audit: [{ at: noon.toISOString(), by: 'olivia', reason: `${userId} has called us.` }],
  });
  stored.put(
    'Audits',
    anAuditEntry(noon.toISOString(), {
      ...{ action: 'inquire', subject: paymentId, reason: `${userId} asked.` },
      detail: { userId, status: 'COMPLETED' },
    }),
  );

  return { paid };
};
