import type { Context } from 'aws-lambda';
import { acceptPayment } from '../../../functions/accept-payment/handler.ts';
import { chargePayment } from '../../../functions/charge-payment/handler.ts';
import { finish } from '../../../functions/finish-compensation/handler.ts';
import { inquirePayment } from '../../../functions/inquire-payment/handler.ts';
import { nextStep } from '../../../functions/inquire-payment/inquire-once.ts';
import { releaseOrder } from '../../../functions/release-order/handler.ts';
import { restoreBalance } from '../../../functions/restore-balance/handler.ts';
import { restoreStock } from '../../../functions/restore-stock/handler.ts';
import { undoIn } from '../../../shared/application/compensation/compensating-transaction.ts';
import { acceptIn } from '../../../shared/application/payments/accept-payment.ts';
import { settleIn } from '../../../shared/application/payments/capture-payment.ts';
import { outcomeRecorder } from '../../../shared/application/payments/record-charge-outcome.ts';
import type { Clock } from '../../../shared/domain/clock.ts';
import { timings } from '../../../shared/domain/timings.ts';
import type { PaymentGateway } from '../../../shared/gateway/payment-gateway.ts';
import { balancesIn } from '../../../shared/persistence/balance-repository.ts';
import { compensationsIn } from '../../../shared/persistence/compensation-repository.ts';
import { couponsIn } from '../../../shared/persistence/coupon-repository.ts';
import { ordersIn } from '../../../shared/persistence/order-repository.ts';
import { paymentsIn } from '../../../shared/persistence/payment-repository.ts';
import { productsIn } from '../../../shared/persistence/product-repository.ts';
import { MemoryDynamo } from '../fakes/memory-dynamo.ts';

const keys = {
  Orders: ['orderId'],
  Payments: ['paymentId'],
  Refunds: ['refundId'],
  Balances: ['userId'],
  Products: ['sku'],
  Coupons: ['userId', 'couponId'],
  Compensations: ['paymentId', 'target'],
};

interface World {
  /** Comes before every command to the tables: where another order of things may be tried. */
  readonly turn: () => Promise<unknown>;
  readonly gateway: PaymentGateway;
  readonly clock: Clock;
}

/** The real handlers of a payment's way over one MemoryDynamo, without queues between them. */
export const aCheckout = ({ turn, gateway, clock }: World) => {
  const tables = new MemoryDynamo(keys, turn);
  const db = tables.client;
  const stores = {
    db,
    orders: ordersIn(db, 'Orders'),
    payments: paymentsIn(db, 'Payments'),
    balances: balancesIn(db, 'Balances'),
    products: productsIn(db, 'Products'),
    coupons: couponsIn(db, 'Coupons'),
    compensations: compensationsIn(db, 'Compensations'),
  };
  const undo = undoIn({ ...stores, clock });
  const move = async ({ before, after }: Parameters<Parameters<typeof finish>[0]['move']>[0]) => ({
    value: await stores.payments.moved(before, after),
  });

  // Late enough for every window to have closed.
  const evening = { now: () => new Date(clock.now().getTime() + timings.local.holdMs) };
  const ask = nextStep({
    gateway,
    record: outcomeRecorder({
      ...stores,
      settle: settleIn(stores),
      clock: evening,
      by: 'inquire-payment',
    }),
    note: async () => true,
    payments: stores.payments,
    clock: evening,
    timings: timings.local,
  });
  const inquire = inquirePayment({
    ...stores,
    step: async (wish) => ({ value: await ask(wish), replayed: false }),
    compare: async () => 'agrees',
    clock: evening,
    timings: timings.local,
  });

  return {
    tables,
    stores,
    accept: acceptPayment({ ...stores, accept: acceptIn(stores), clock, unclaimedAfterMs: 1 }),
    charge: chargePayment({
      ...stores,
      gateway,
      breaker: (work) => work(),
      record: outcomeRecorder({ ...stores, settle: settleIn(stores), clock, by: 'charge-payment' }),
      clock,
      timings: timings.local,
    }),
    inquire: (subject: string) => inquire({ id: 'told', subject, time: '' }, {} as Context),
    undoSteps: [
      restoreStock({ ...stores, undo }),
      restoreBalance({ ...stores, undo }),
      releaseOrder({ ...stores, undo }),
    ],
    finish: finish({ ...stores, move, clock }),
  };
};
