import type { Rejection } from '../../shared/domain/errors.ts';
import { alice, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { paymentLinks } from '../../shared/http/payment-body.ts';
import { paymentSchema } from '../../shared/http/schemas/payment.ts';
import { chargingPaymentExample } from '../../shared/http/schemas/payment-example.ts';
import { cancelPaymentSchema } from './request.ts';

const { paymentId } = alice;
const path = { paymentId };
const headers = { 'Idempotency-Key': 'sample-cancel' };
const rejected = (data: Rejection) => rejectionExample(`/payments/${paymentId}/cancel`, data);

export const operation: Operation = {
  tag: 'Payments',
  summary: 'Cancel a payment',
  description:
    'A payment that was not sent to the gateway yet fails with the code `cancelled-by-buyer` and is compensated. ' +
    'A payment that is in flight is refunded in full if the gateway captures it: get the payment to see the outcome. ' +
    'Cancelling a cancelled payment returns the same response.',
  headers: ['Idempotency-Key'],
  body: cancelPaymentSchema,
  isBodyOptional: true,
  responses: {
    202: {
      description: 'The payment after the cancellation request.',
      schema: paymentSchema,
      headers: ['Location', 'Retry-After', 'Idempotency-Replayed'],
    },
  },
  problems: ['payment-not-cancellable', 'payment-not-found'],
  examples: {
    inFlight: {
      summary: 'Payment in flight',
      fixture: 'charging',
      path,
      headers,
      response: {
        status: 202,
        headers: { Location: `../..${paymentLinks(paymentId).self}`, 'Retry-After': '1' },
        body: chargingPaymentExample,
      },
    },
    paid: {
      summary: 'Completed payment',
      fixture: 'completed',
      path,
      headers,
      response: rejected({
        code: 'payment-not-cancellable',
        detail: 'A payment that is COMPLETED cannot be cancelled.',
      }),
    },
    notFound: {
      summary: 'Unknown payment, or a payment of another buyer',
      fixture: 'shop',
      path,
      headers,
      response: rejected({
        code: 'payment-not-found',
        detail: `You have no payment "${paymentId}".`,
      }),
    },
  },
};
