import { getRefund } from '../../../../functions/get-refund/handler.ts';
import { requestRefund } from '../../../../functions/request-refund/handler.ts';
import { refundPaymentSchema } from '../../../../functions/request-refund/request.ts';
import { createRequestRefund } from '../../../../shared/application/refunds/request-refund.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import type { Refund } from '../../../../shared/domain/refunds/refund.ts';
import { httpHandler } from '../../../../shared/http/http-handler.ts';
import { idempotentRoute } from '../../../../shared/http/idempotent-route.ts';
import { createLongPoll } from '../../../../shared/http/long-poll.ts';
import { toRequestedRefundResponse } from '../../../../shared/http/requested-refund.ts';
import { aPaidOrder, later } from '../../../support/builders/refund-generators.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';
import { createMemoryIdempotencyTable } from '../../../support/fakes/memory-idempotency-table.ts';
import { createMemoryRepositories } from '../../../support/fakes/memory-repositories.ts';
import { call } from '../../../support/harness/invoke-handler.ts';

interface RefundRequestOptions {
  readonly buyer?: string;
  readonly key?: string;
  readonly paymentId?: string;
}

/**
 * request-refund and get-refund as composed, over a payment of Alice: two packets of tea and a cup for 6000.
 */
export const createRefundRequestHarness = ({
  turn,
  windowMs = 86_400_000,
}: {
  readonly turn?: () => Promise<unknown>;
  /** How long the buyer may refund. */
  readonly windowMs?: number;
} = {}) => {
  let now = later(60);
  const tables = new MemoryDynamo(
    { Orders: ['orderId'], Payments: ['paymentId'], Refunds: ['refundId'] },
    turn,
  );
  const paid = aPaidOrder({
    userId: 'alice',
    lines: [
      { sku: 'tea', quantity: 2, unitPrice: 2_500 },
      { sku: 'cup', quantity: 1, unitPrice: 1_000 },
    ],
  });
  tables.put('Orders', paid.order);
  tables.put('Payments', paid.payment);
  const answers = createMemoryIdempotencyTable();
  const stores = createMemoryRepositories(tables.client);
  const clock = { now: () => now };
  const requestHandler = idempotentRoute(
    {
      name: 'request-refund',
      schema: refundPaymentSchema,
      parameter: 'paymentId',
      ...answers.store,
    },
    requestRefund({ request: createRequestRefund(stores), clock, windowMs }),
    toRequestedRefundResponse,
  );
  const poll = createLongPoll({
    clock,
    sleep: async () => {},
    acquireSlot: async () => async () => {},
  });
  const readHandler = httpHandler(getRefund({ ...stores, poll }));
  const { paymentId: own } = paid.payment;

  return {
    tables,
    stores,
    answers,
    paid,
    passTo: (at: Date) => {
      now = at;
    },
    refunds: () => tables.items<Refund>('Refunds'),
    payment: () => tables.items<Payment>('Payments').find(({ paymentId }) => paymentId === own),
    post: (
      body: unknown,
      { buyer = 'alice', key = 'k-1', paymentId = own }: RefundRequestOptions = {},
    ) =>
      call(requestHandler, {
        method: 'POST',
        path: `/payments/${paymentId}/refunds`,
        buyer,
        key,
        body,
      }),
    read: (refundId: string, buyer = 'alice', headers = {}) =>
      call(readHandler, { method: 'GET', path: `/refunds/${refundId}`, buyer, headers }),
  };
};

export const reason = 'It was dented.';
export const amount = (won: number) => ({ amount: won, reason });

export const lines = (...items: readonly (readonly [sku: string, quantity: number])[]) => ({
  lines: items.map(([sku, quantity]) => ({ sku, quantity, restock: true })),
  reason,
});
