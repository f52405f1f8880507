import { getRefund } from '../../../../functions/get-refund/handler.ts';
import { requestRefund } from '../../../../functions/request-refund/handler.ts';
import { refundBody } from '../../../../functions/request-refund/request.ts';
import { toRequestedResponse } from '../../../../functions/request-refund/response.ts';
import { requestRefundIn } from '../../../../shared/application/refunds/request-refund.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import type { Refund } from '../../../../shared/domain/refunds/refund.ts';
import { httpHandler } from '../../../../shared/http/http-handler.ts';
import { oncePerKey } from '../../../../shared/http/idempotent-route.ts';
import { longPoll } from '../../../../shared/http/long-poll.ts';
import { ordersIn } from '../../../../shared/persistence/order-repository.ts';
import { paymentsIn } from '../../../../shared/persistence/payment-repository.ts';
import { refundsIn } from '../../../../shared/persistence/refund-repository.ts';
import { aPaidOrder, later } from '../../../support/builders/refund-generators.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';
import { answerRecords } from '../../../support/fakes/memory-idempotency-table.ts';
import { call } from '../../../support/harness/invoke-handler.ts';

interface Wish {
  readonly buyer?: string;
  readonly key?: string;
  readonly paymentId?: string;
}

/** request-refund and get-refund as they are wired, over a payment of alice's: two packets of tea and a cup for 6000 in all. */
export const aDesk = ({ turn }: { readonly turn?: () => Promise<unknown> } = {}) => {
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
  const answers = answerRecords();
  const stores = {
    db: tables.client,
    orders: ordersIn(tables.client, 'Orders'),
    payments: paymentsIn(tables.client, 'Payments'),
    refunds: refundsIn(tables.client, 'Refunds'),
  };
  const clock = { now: () => later(60) };
  const requesting = oncePerKey(
    { name: 'request-refund', schema: refundBody, parameter: 'paymentId', table: 'answers' },
    requestRefund({ request: requestRefundIn(stores), clock }),
    toRequestedResponse,
  );
  const poll = longPoll({
    clock,
    pause: async () => {},
    takeSlot: async () => async () => {},
  });
  const reading = httpHandler(getRefund({ ...stores, poll }));
  const { paymentId: own } = paid.payment;

  return {
    tables,
    stores,
    answers,
    paid,
    refunds: () => tables.items<Refund>('Refunds'),
    payment: () => tables.items<Payment>('Payments').find(({ paymentId }) => paymentId === own),
    ask: (body: unknown, { buyer = 'alice', key = 'k-1', paymentId = own }: Wish = {}) =>
      call(requesting, {
        method: 'POST',
        path: `/payments/${paymentId}/refunds`,
        buyer,
        key,
        body,
      }),
    read: (refundId: string, buyer = 'alice', headers = {}) =>
      call(reading, { method: 'GET', path: `/refunds/${refundId}`, buyer, headers }),
  };
};
