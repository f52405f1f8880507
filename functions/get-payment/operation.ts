import { alice, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { paymentLinks } from '../../shared/http/payment-body.ts';
import { type PaymentBody, paymentSchema } from '../../shared/http/schemas/payment.ts';

const { orderId, paymentId } = alice;

const completed = {
  paymentId,
  orderId,
  status: 'COMPLETED',
  stage: 'COMPLETED',
  amount: 5_000,
  currency: 'KRW',
  version: 3,
  createdAt: '2026-11-23T09:00:05.000Z',
  updatedAt: '2026-11-23T09:00:05.420Z',
  refunded: 0,
  links: paymentLinks(paymentId),
} satisfies PaymentBody;

const declined = {
  ...completed,
  status: 'FAILED',
  stage: 'COMPENSATED',
  version: 4,
  failure: { code: 'insufficient_funds', reason: 'Insufficient funds.' },
} satisfies PaymentBody;

export const operation: Operation = {
  tag: 'Payments',
  summary: 'Look at a payment',
  description:
    "The buyer's own. With `Prefer: wait=20` the answer comes as soon as it is decided, or with `If-None-Match` as soon as it has another version than that, and after 20 s at the latest. An `ETag` that comes back in `If-None-Match` makes asking again cheap.",
  headers: ['If-None-Match', 'Prefer'],
  responses: {
    200: {
      description: 'The payment.',
      schema: paymentSchema,
      headers: ['ETag', 'Preference-Applied'],
    },
    304: { description: 'It has not changed.', headers: ['ETag', 'Preference-Applied'] },
  },
  problems: ['payment-not-found'],
  examples: {
    completed: {
      summary: 'A payment that was charged',
      fixture: 'completed',
      path: { paymentId },
      headers: { Prefer: 'wait=20' },
      response: {
        status: 200,
        headers: { ETag: '"3"', 'Preference-Applied': 'wait=20' },
        body: completed,
      },
    },
    declined: {
      summary: 'A payment that failed, and is undone',
      fixture: 'declined',
      path: { paymentId },
      response: { status: 200, headers: { ETag: '"4"' }, body: declined },
    },
    unchanged: {
      summary: 'A payment that was read before',
      fixture: 'completed',
      path: { paymentId },
      headers: { 'If-None-Match': '"3"' },
      response: { status: 304, headers: { ETag: '"3"' } },
    },
    missing: {
      summary: 'A payment that never was, or is not yours',
      fixture: 'shop',
      path: { paymentId },
      response: rejectionExample(`/payments/${paymentId}`, {
        code: 'payment-not-found',
        detail: `You have no payment "${paymentId}".`,
      }),
    },
  },
};
