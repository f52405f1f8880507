import type { Rejection } from '../../shared/domain/errors.ts';
import { alice, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { paymentLinks } from '../../shared/http/payment-body.ts';
import { type PaymentBody, paymentSchema } from '../../shared/http/schemas/payment.ts';
import { cancelPaymentSchema } from './request.ts';

const { orderId, paymentId } = alice;
const path = { paymentId };
const headers = { 'Idempotency-Key': 'sample-cancel' };
const refused = (data: Rejection) => rejectionExample(`/payments/${paymentId}/cancel`, data);

const inFlight = {
  paymentId,
  orderId,
  status: 'PENDING',
  stage: 'CHARGING',
  amount: 5_000,
  currency: 'KRW',
  version: 2,
  createdAt: '2026-11-23T09:00:05.000Z',
  updatedAt: '2026-11-23T09:00:05.150Z',
  refunded: 0,
  links: paymentLinks(paymentId),
} satisfies PaymentBody;

export const operation: Operation = {
  tag: 'Payments',
  summary: 'Cancel a payment',
  description:
    'A payment that is not sent to the payment gateway yet fails with the code `cancelled-by-buyer`, and all of it is undone. ' +
    'One that is in flight cannot be called back: whether it is charged has to be found out, and if it is, it is refunded whole. It is one of the two, never both and never neither; ask the payment which. ' +
    'A payment that was cancelled before gives the same answer again.',
  headers: ['Idempotency-Key'],
  body: cancelPaymentSchema,
  isBodyOptional: true,
  responses: {
    202: {
      description: 'The payment as the cancel left it.',
      schema: paymentSchema,
      headers: ['Location', 'Retry-After', 'Idempotency-Replayed'],
    },
  },
  problems: ['payment-not-cancellable', 'payment-not-found'],
  examples: {
    inFlight: {
      summary: 'A payment that is being charged: it is refunded if it was',
      fixture: 'charging',
      path,
      headers,
      response: {
        status: 202,
        headers: { Location: `../..${paymentLinks(paymentId).self}`, 'Retry-After': '1' },
        body: inFlight,
      },
    },
    paid: {
      summary: 'A payment that was charged before: it can be refunded',
      fixture: 'completed',
      path,
      headers,
      response: refused({
        code: 'payment-not-cancellable',
        detail: 'A payment that is COMPLETED cannot be cancelled.',
      }),
    },
    missing: {
      summary: 'A payment that never was, or is not yours',
      fixture: 'shop',
      path,
      headers,
      response: refused({
        code: 'payment-not-found',
        detail: `You have no payment "${paymentId}".`,
      }),
    },
  },
};
