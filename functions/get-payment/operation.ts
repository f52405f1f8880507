import { declineReasons } from '../../shared/domain/payments/buyer-failure.ts';
import { alice, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { type PaymentBody, paymentSchema } from '../../shared/http/schemas/payment.ts';
import {
  completedPaymentExample,
  waitingPaymentExample,
} from '../../shared/http/schemas/payment-example.ts';

const { paymentId } = alice;

const declined = {
  ...completedPaymentExample,
  status: 'FAILED',
  stage: 'COMPENSATED',
  version: 4,
  failure: { code: 'insufficient-funds', reason: declineReasons['insufficient-funds'] },
  released: true,
} satisfies PaymentBody;

export const operation: Operation = {
  tag: 'Payments',
  summary: 'Get a payment',
  description:
    'Returns a payment of the caller. With `Prefer: wait=20` the response waits up to 20 s for the final status, or until the payment requires an action of its buyer; with `If-None-Match`, for another version. It does not wait for an outcome that is not expected in that time, and then has `Retry-After`. With `Prefer: wait=20, released` a failed payment ends the wait once everything of it is back.',
  headers: ['If-None-Match', 'Prefer'],
  responses: {
    200: {
      description: 'The payment.',
      schema: paymentSchema,
      headers: ['ETag', 'Preference-Applied'],
      optionalHeaders: ['Retry-After'],
    },
    304: {
      description: 'The payment has not changed.',
      headers: ['ETag', 'Preference-Applied'],
      optionalHeaders: ['Retry-After'],
    },
  },
  problems: ['payment-not-found'],
  examples: {
    completed: {
      summary: 'Completed payment',
      fixture: 'completed',
      path: { paymentId },
      headers: { Prefer: 'wait=20' },
      response: {
        status: 200,
        headers: { ETag: '"3"', 'Preference-Applied': 'wait=20' },
        body: completedPaymentExample,
      },
    },
    declined: {
      summary: 'Declined payment, compensated',
      fixture: 'declined',
      path: { paymentId },
      headers: { Prefer: 'wait=20, released' },
      response: {
        status: 200,
        headers: { ETag: '"4"', 'Preference-Applied': 'wait=20, released' },
        body: declined,
      },
    },
    waiting: {
      summary: 'Payment that waits for a payment method',
      fixture: 'waiting',
      path: { paymentId },
      response: { status: 200, headers: { ETag: '"1"' }, body: waitingPaymentExample },
    },
    unchanged: {
      summary: 'Unchanged payment',
      fixture: 'completed',
      path: { paymentId },
      headers: { 'If-None-Match': '"3"' },
      response: { status: 304, headers: { ETag: '"3"' } },
    },
    notFound: {
      summary: 'Unknown payment, or a payment of another buyer',
      fixture: 'shop',
      path: { paymentId },
      response: rejectionExample(`/payments/${paymentId}`, {
        code: 'payment-not-found',
        detail: `You have no payment "${paymentId}".`,
      }),
    },
  },
};
