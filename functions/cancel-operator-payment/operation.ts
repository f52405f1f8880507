import type { Rejection } from '../../shared/domain/errors.ts';
import { alice, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { paymentSchema } from '../../shared/http/schemas/payment.ts';
import { chargingPaymentExample } from '../../shared/http/schemas/payment-example.ts';
import { cancelOperatorPaymentSchema } from './request.ts';

const { paymentId } = alice;
const path = { paymentId };
const headers = { 'Idempotency-Key': 'sample-support-cancel' };
const body = { reason: 'The buyer asked by telephone, ticket 4711.' };
const rejected = (data: Rejection) =>
  rejectionExample(`/operator/payments/${paymentId}/cancel`, data);

export const operation: Operation = {
  tag: 'Operators',
  summary: 'Cancel a payment for the merchant',
  description:
    "Cancels any payment, by the rules of its buyer's own cancellation. A payment that was not sent to the gateway yet fails with the code `cancelled-by-merchant`; a payment in flight is refunded in full if the gateway captures it. " +
    'The buyer sees neither the operator nor the reason. Operator, scope and reason go to the audit log in the same transaction. A key belongs to the operator and the payment.',
  headers: ['Idempotency-Key'],
  body: cancelOperatorPaymentSchema,
  responses: {
    202: {
      description: 'The payment after the cancellation request.',
      schema: paymentSchema,
      headers: ['Retry-After', 'Idempotency-Replayed'],
    },
  },
  problems: ['payment-not-cancellable', 'payment-not-found'],
  examples: {
    inFlight: {
      summary: 'Payment in flight',
      fixture: 'charging',
      path,
      headers,
      body,
      response: { status: 202, headers: { 'Retry-After': '1' }, body: chargingPaymentExample },
    },
    paid: {
      summary: 'Completed payment',
      fixture: 'completed',
      path,
      headers,
      body,
      response: rejected({
        code: 'payment-not-cancellable',
        detail: 'A payment that is COMPLETED cannot be cancelled.',
      }),
    },
    notFound: {
      summary: 'Unknown payment',
      fixture: 'shop',
      path,
      headers,
      body,
      response: rejected({
        code: 'payment-not-found',
        detail: `There is no payment "${paymentId}".`,
      }),
    },
  },
};
