import { confirmPayment } from '../../../../functions/confirm-payment/handler.ts';
import { createConfirmPaymentSchema } from '../../../../functions/confirm-payment/request.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { tokenFormats } from '../../../../shared/gateway/token-format.ts';
import { toAcceptedResponse } from '../../../../shared/http/accepted-response.ts';
import { idempotentRoute } from '../../../../shared/http/idempotent-route.ts';
import { createPaymentRepository } from '../../../../shared/persistence/payment-repository.ts';
import { noon } from '../../../support/builders/builders.ts';
import { nextActionOptions } from '../../../support/builders/checkout.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';
import { createMemoryIdempotencyTable } from '../../../support/fakes/memory-idempotency-table.ts';
import { call } from '../../../support/harness/invoke-handler.ts';

interface ConfirmOptions {
  readonly buyer?: string;
  readonly key?: string;
  readonly paymentId?: string;
  readonly body?: unknown;
}

/** POST /payments/pay_1/confirm as composed, over one payment of Alice, a minute after noon. */
export const createConfirmHarness = (stored: Payment, turn?: () => Promise<unknown>) => {
  const tables = new MemoryDynamo({ Payments: ['paymentId'] }, turn);
  tables.put('Payments', stored);
  const answers = createMemoryIdempotencyTable();
  const world = { now: new Date(noon.getTime() + 60_000), inquiries: [] as string[] };
  const handler = idempotentRoute(
    {
      name: 'confirm-payment',
      schema: createConfirmPaymentSchema(tokenFormats.simulator),
      parameter: 'paymentId',
      ...answers.store,
    },
    confirmPayment({
      ...nextActionOptions,
      payments: createPaymentRepository(tables.client, 'Payments'),
      requestInquiry: async ({ paymentId }) => world.inquiries.push(paymentId) > 0,
      clock: { now: () => world.now },
      timings: timings.local,
      returnOrigins: ['https://shop.example'],
    }),
    toAcceptedResponse,
  );

  return {
    world,
    tables,
    answers,
    stored: () => tables.items<Payment>('Payments')[0] as Payment,
    confirm: ({
      buyer = 'alice',
      key = 'k-1',
      paymentId = 'pay_1',
      body = { paymentMethod: 'sim_approve' },
    }: ConfirmOptions = {}) =>
      call(handler, { method: 'POST', path: `/payments/${paymentId}/confirm`, buyer, key, body }),
  };
};
