import {
  cancelPayment,
  toCancelledPaymentResponse,
} from '../../../../functions/cancel-payment/handler.ts';
import { cancelPaymentSchema } from '../../../../functions/cancel-payment/request.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { idempotentRoute } from '../../../../shared/http/idempotent-route.ts';
import { createPaymentRepository } from '../../../../shared/persistence/payment-repository.ts';
import { anOrder, aPayment } from '../../../support/builders/builders.ts';
import { later } from '../../../support/builders/refund-generators.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';
import { createMemoryIdempotencyTable } from '../../../support/fakes/memory-idempotency-table.ts';
import { call } from '../../../support/harness/invoke-handler.ts';

/** Alice's payment before its claim. */
export const reserved = aPayment({
  order: anOrder({ userId: 'alice', orderId: 'ord_1' }),
  paymentId: 'pay_1',
});

interface CancelOptions {
  readonly buyer?: string;
  readonly key?: string;
  readonly paymentId?: string;
  readonly body?: unknown;
}

/** POST /payments/pay_1/cancel as composed, over one payment of Alice. */
export const createCancelHarness = (stored: Payment) => {
  const tables = new MemoryDynamo({ Payments: ['paymentId'] });
  tables.put('Payments', stored);
  const answers = createMemoryIdempotencyTable();
  const payments = createPaymentRepository(tables.client, 'Payments');
  const inquiries: string[] = [];
  const world = { isQueueDown: false };
  const inquire = async ({ paymentId }: Payment) => {
    if (world.isQueueDown) throw new Error('the queue is down');

    return inquiries.push(paymentId) > 0;
  };
  const handler = idempotentRoute(
    {
      name: 'cancel-payment',
      schema: cancelPaymentSchema,
      parameter: 'paymentId',
      ...answers.store,
    },
    cancelPayment({ payments, inquire, clock: { now: () => later(60) } }),
    toCancelledPaymentResponse,
  );

  return {
    tables,
    payments,
    inquiries,
    world,
    answers,
    stored: () => tables.items<Payment>('Payments')[0] as Payment,
    cancel: ({ buyer = 'alice', key = 'k-1', paymentId = 'pay_1', body }: CancelOptions = {}) =>
      call(handler, { method: 'POST', path: `/payments/${paymentId}/cancel`, buyer, key, body }),
  };
};
