import {
  attemptKeyOf,
  attemptRefund,
  findAttempt,
  isAttemptLost,
} from '../../../../functions/execute-refund/attempt-refund.ts';
import { executeRefund } from '../../../../functions/execute-refund/handler.ts';
import {
  createFailRefund,
  createSettleRefund,
} from '../../../../shared/application/refunds/settle-refund.ts';
import type { Balance } from '../../../../shared/domain/money.ts';
import type { Order, Product } from '../../../../shared/domain/orders/order.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import type { RefundSelection } from '../../../../shared/domain/refunds/open-refund.ts';
import type { Refund } from '../../../../shared/domain/refunds/refund.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import type {
  RefundInquiryOutcome,
  RefundOutcome,
  RefundRequest,
} from '../../../../shared/gateway/payment-gateway.ts';
import { idempotentByMarker } from '../../../../shared/lambda/marker-idempotency.ts';
import { DeferredError } from '../../../../shared/lambda/message-deferral.ts';
import { aBalance, aProduct, noon } from '../../../support/builders/builders.ts';
import { aPaidOrder, aRefund, later } from '../../../support/builders/refund-generators.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';
import { createMemoryRepositories } from '../../../support/fakes/memory-repositories.ts';
import { aLambdaContext } from '../../../support/harness/invoke-handler.ts';

export const refunded = {
  outcome: 'refunded',
  refundId: 'rfn_1',
  refundedAt: noon.toISOString(),
} as const;
export const ambiguous = { outcome: 'ambiguous', reason: 'timeout' } as const;
export const notFound = { outcome: 'not-found' } as const;
export const notSent = { outcome: 'not-sent', reason: 'refused' } as const;
export const declined = { outcome: 'declined', code: 'refund_declined', reason: 'no' } as const;

interface GatewayScript {
  readonly refunds?: readonly RefundOutcome[];
  readonly inquiries?: readonly RefundInquiryOutcome[];
  readonly paid?: Partial<Order>;
  /** The part that was paid from the balance. */
  readonly balanceAmount?: number;
  readonly balanceFirst?: boolean;
}

/**
 * Alice paid 5,000 for two packets of tea, 4,000 of it from the balance, and requests a refund. The gateway follows
 * a script that ends with success.
 */
export const createExecuteRefundHarness = (
  selection: RefundSelection,
  {
    refunds = [],
    inquiries = [],
    paid = {},
    balanceAmount = 4_000,
    balanceFirst = false,
  }: GatewayScript = {},
) => {
  const tables = new MemoryDynamo({
    Orders: ['orderId'],
    Payments: ['paymentId'],
    Refunds: ['refundId'],
    Balances: ['userId'],
    Products: ['sku'],
  });
  const db = tables.client;
  const stores = createMemoryRepositories(db);
  const { order, payment } = aPaidOrder({ userId: 'alice', ...paid }, balanceAmount);
  const requested = aRefund({ order, payment }, selection, 'rfd_1', balanceFirst);
  tables.put('Orders', order);
  tables.put('Payments', requested.payment);
  tables.put('Refunds', requested.refund);
  tables.put('Balances', aBalance({ userId: 'alice', spent: balanceAmount }));
  for (const { sku, quantity } of order.lines)
    tables.put('Products', aProduct({ sku, sold: quantity }));

  const gatewayCalls: ['refund' | 'inquire', RefundRequest][] = [];
  const callCount = (what: 'refund' | 'inquire') =>
    gatewayCalls.filter(([call]) => call === what).length;
  const world = { now: later(10), gatewayCalls, duringCall: () => {} };
  const clock = { now: () => world.now };
  const step = attemptRefund({
    ...stores,
    settle: createSettleRefund(stores),
    fail: createFailRefund(stores),
    gateway: {
      refund: async (request) => {
        const outcome = refunds[callCount('refund')] ?? refunded;
        gatewayCalls.push(['refund', request]);
        world.duringCall();

        return outcome;
      },
      inquireRefund: async (request) => {
        const outcome = inquiries[callCount('inquire')] ?? refunded;
        gatewayCalls.push(['inquire', request]);

        return outcome;
      },
    },
    clock,
    timings: timings.local,
  });
  const attempt = idempotentByMarker(
    {
      name: 'execute-refund',
      keyOf: attemptKeyOf,
      hasFailedCondition: isAttemptLost,
      findResult: findAttempt(stores),
    },
    step,
  );
  const execute = executeRefund({ ...stores, attempt, clock });
  const one = <T>(table: string) => tables.items<T>(table)[0] as T;

  return {
    tables,
    world,
    requested,
    attempt: (refund: Refund) => attempt(refund, aLambdaContext()),
    calls: () => gatewayCalls.map(([call]) => call),
    refund: () => one<Refund>('Refunds'),
    payment: () => one<Payment>('Payments'),
    order: () => one<Order>('Orders'),
    balance: () => one<Balance>('Balances'),
    products: () => tables.items<Product>('Products'),
    /** Delivers the message once. Returns its delay if it is deferred, otherwise its result. */
    deliver: async (subject = 'rfd_1') => {
      const done = await execute({ subject }, aLambdaContext()).catch((error: unknown) => error);
      if (!(done instanceof DeferredError)) return done;

      return done.delayMs;
    },
  };
};

export type ExecuteRefundHarness = ReturnType<typeof createExecuteRefundHarness>;

/** Redelivers the message until it is no longer deferred. */
export const runUntilDone = async ({ deliver, world }: ExecuteRefundHarness): Promise<unknown> => {
  for (;;) {
    const done = await deliver();
    if (typeof done !== 'number') return done;
    world.now = new Date(world.now.getTime() + done);
  }
};

export const tea = (quantity: number, restock = true) => ({
  lines: [{ sku: 'tea', quantity, restock }],
});
