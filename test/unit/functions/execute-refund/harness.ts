import type { Context } from 'aws-lambda';
import { keyOf, nextStep } from '../../../../functions/execute-refund/attempt-refund.ts';
import { executeRefund } from '../../../../functions/execute-refund/handler.ts';
import {
  failRefundIn,
  settleRefundIn,
} from '../../../../shared/application/refunds/settle-refund.ts';
import type { Balance } from '../../../../shared/domain/money.ts';
import type { Order, Product } from '../../../../shared/domain/orders/order.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import type { RefundWish } from '../../../../shared/domain/refunds/open-refund.ts';
import type { Refund } from '../../../../shared/domain/refunds/refund.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import type {
  RefundInquiryOutcome,
  RefundOutcome,
  RefundRequest,
} from '../../../../shared/gateway/payment-gateway.ts';
import { Postponed } from '../../../../shared/lambda/sqs-handler.ts';
import { balancesIn } from '../../../../shared/persistence/balance-repository.ts';
import { ordersIn } from '../../../../shared/persistence/order-repository.ts';
import { paymentsIn } from '../../../../shared/persistence/payment-repository.ts';
import { productsIn } from '../../../../shared/persistence/product-repository.ts';
import { refundsIn } from '../../../../shared/persistence/refund-repository.ts';
import { aBalance, aProduct, noon } from '../../../support/builders/builders.ts';
import { aPaidOrder, aRefund, later } from '../../../support/builders/refund-generators.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';

export const refunded = {
  outcome: 'refunded',
  refundId: 'rfn_1',
  refundedAt: noon.toISOString(),
} as const;
export const ambiguous = { outcome: 'ambiguous', reason: 'timeout' } as const;
export const notFound = { outcome: 'not-found' } as const;
export const notSent = { outcome: 'not-sent', reason: 'refused' } as const;
export const declined = { outcome: 'declined', code: 'refund_declined', reason: 'no' } as const;

interface Script {
  readonly refunds?: readonly RefundOutcome[];
  readonly inquiries?: readonly RefundInquiryOutcome[];
  readonly paid?: Partial<Order>;
}

/** Two packets of tea for 5000, paid by alice, who wants some of it back; the PG follows a script that ends with success. */
export const aTeller = (
  wish: RefundWish,
  { refunds = [], inquiries = [], paid = {} }: Script = {},
) => {
  const tables = new MemoryDynamo({
    Orders: ['orderId'],
    Payments: ['paymentId'],
    Refunds: ['refundId'],
    Balances: ['userId'],
    Products: ['sku'],
  });
  const db = tables.client;
  const stores = {
    db,
    orders: ordersIn(db, 'Orders'),
    payments: paymentsIn(db, 'Payments'),
    refunds: refundsIn(db, 'Refunds'),
    balances: balancesIn(db, 'Balances'),
    products: productsIn(db, 'Products'),
  };
  const { order, payment } = aPaidOrder({ userId: 'alice', ...paid });
  const requested = aRefund({ order, payment }, wish, 'rfd_1');
  tables.put('Orders', order);
  tables.put('Payments', requested.payment);
  tables.put('Refunds', requested.refund);
  tables.put('Balances', aBalance({ userId: 'alice', spent: order.total }));
  for (const { sku, quantity } of order.lines)
    tables.put('Products', aProduct({ sku, sold: quantity }));

  const asked: ['refund' | 'inquire', RefundRequest][] = [];
  const made = (what: 'refund' | 'inquire') => asked.filter(([call]) => call === what).length;
  const world = { now: later(10), asked, whileAsking: () => {} };
  const clock = { now: () => world.now };
  const step = nextStep({
    ...stores,
    settle: settleRefundIn(stores),
    fail: failRefundIn(stores),
    gateway: {
      refund: async (request) => {
        const outcome = refunds[made('refund')] ?? refunded;
        asked.push(['refund', request]);
        world.whileAsking();

        return outcome;
      },
      inquireRefund: async (request) => {
        const outcome = inquiries[made('inquire')] ?? refunded;
        asked.push(['inquire', request]);

        return outcome;
      },
    },
    clock,
    timings: timings.local,
  });
  const known = new Map<string, Awaited<ReturnType<typeof step>>>();
  const execute = executeRefund({
    ...stores,
    step: async (refund) => {
      const before = known.get(keyOf(refund));
      const value = before ?? (await step(refund));
      known.set(keyOf(refund), value);

      return { value, replayed: before !== undefined };
    },
    clock,
  });
  const one = <T>(table: string) => tables.items<T>(table)[0] as T;

  return {
    tables,
    world,
    requested,
    calls: () => asked.map(([call]) => call),
    refund: () => one<Refund>('Refunds'),
    payment: () => one<Payment>('Payments'),
    order: () => one<Order>('Orders'),
    balance: () => one<Balance>('Balances'),
    products: () => tables.items<Product>('Products'),
    /** Delivers the message once; how long it wants to wait, or what became of it. */
    deliver: async () => {
      const context = {} as Context;
      const done = await execute({ subject: 'rfd_1' }, context).catch((error: unknown) => error);
      if (!(done instanceof Postponed)) return done;

      return done.afterMs;
    },
  };
};

export type Teller = ReturnType<typeof aTeller>;

/** Delivers the message as often as it waits. */
export const untilDone = async ({ deliver, world }: Teller): Promise<unknown> => {
  for (;;) {
    const done = await deliver();
    if (typeof done !== 'number') return done;
    world.now = new Date(world.now.getTime() + done);
  }
};
