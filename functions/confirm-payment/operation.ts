import type { Rejection } from '../../shared/domain/errors.ts';
import { tokenFormats } from '../../shared/gateway/token-format.ts';
import { alice, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { paymentLinks } from '../../shared/http/payment-body.ts';
import {
  type AcceptedBody,
  acceptedPaymentSchema,
} from '../../shared/http/schemas/accepted-payment.ts';
import { createConfirmPaymentSchema } from './request.ts';

const { orderId, paymentId } = alice;
const path = { paymentId };
const headers = { 'Idempotency-Key': 'sample-confirm' };
const body = { paymentMethod: 'sim_approve' };
const rejected = (data: Rejection) => rejectionExample(`/payments/${paymentId}/confirm`, data);

export const operation: Operation = {
  tag: 'Payments',
  summary: 'Confirm a payment',
  description:
    'Goes on with a payment whose status is REQUIRES_ACTION. If it waits for a payment method, send the one that the window of the gateway gave: the payment is charged asynchronously. ' +
    'If the buyer is back from a redirect, send no payment method: the gateway is asked for the outcome immediately. ' +
    'Once the hold has ended, the request is rejected and the payment fails.',
  headers: ['Idempotency-Key'],
  body: createConfirmPaymentSchema(tokenFormats.simulator),
  isBodyOptional: true,
  responses: {
    202: {
      description: 'The confirmation is accepted: get the payment to see the outcome.',
      schema: acceptedPaymentSchema,
      headers: ['Location', 'Retry-After', 'Idempotency-Replayed'],
    },
  },
  problems: ['payment-not-confirmable', 'payment-not-found', 'return-url-not-allowed'],
  examples: {
    confirmed: {
      summary: 'Payment method provided',
      fixture: 'waiting',
      path,
      headers,
      body,
      response: {
        status: 202,
        headers: { Location: `../..${paymentLinks(paymentId).self}`, 'Retry-After': '1' },
        body: {
          paymentId,
          orderId,
          amount: 5_000,
          currency: 'KRW',
          status: 'PENDING',
          links: paymentLinks(paymentId),
        } satisfies AcceptedBody,
      },
    },
    methodMissing: {
      summary: 'No payment method for a payment that waits for one',
      fixture: 'waiting',
      path,
      headers,
      response: rejected({
        code: 'invalid-request',
        detail: 'The request is invalid.',
        errors: [{ pointer: '/paymentMethod', detail: 'The payment waits for a payment method.' }],
      }),
    },
    paid: {
      summary: 'Completed payment',
      fixture: 'completed',
      path,
      headers,
      body,
      response: rejected({
        code: 'payment-not-confirmable',
        detail: 'A payment that is COMPLETED cannot be confirmed with this request.',
      }),
    },
    notFound: {
      summary: 'Unknown payment, or a payment of another buyer',
      fixture: 'shop',
      path,
      headers,
      body,
      response: rejected({
        code: 'payment-not-found',
        detail: `You have no payment "${paymentId}".`,
      }),
    },
  },
};
