import { alice, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { refundLinks } from '../../shared/http/refund-body.ts';
import { type RefundBody, refundSchema } from '../../shared/http/schemas/refund.ts';

const { orderId, paymentId, refundId } = alice;

const succeeded = {
  refundId,
  paymentId,
  orderId,
  status: 'SUCCEEDED',
  amount: 2_500,
  balanceAmount: 0,
  gatewayAmount: 2_500,
  currency: 'KRW',
  lines: [{ sku: alice.sku, quantity: 1, restock: true, amount: 2_500 }],
  reason: 'One packet was more than enough.',
  version: 2,
  createdAt: '2026-11-23T10:00:00.000Z',
  updatedAt: '2026-11-23T10:00:00.310Z',
  links: refundLinks({ refundId, paymentId }),
} satisfies RefundBody;

export const operation: Operation = {
  tag: 'Payments',
  summary: 'Get a refund',
  description:
    'Returns a refund of the caller. With `Prefer: wait=20` the response waits up to 20 s for the final status or, with `If-None-Match`, for another version.',
  headers: ['If-None-Match', 'Prefer'],
  responses: {
    200: {
      description: 'The refund.',
      schema: refundSchema,
      headers: ['ETag', 'Preference-Applied'],
      optionalHeaders: ['Retry-After'],
    },
    304: {
      description: 'The refund has not changed.',
      headers: ['ETag', 'Preference-Applied'],
      optionalHeaders: ['Retry-After'],
    },
  },
  problems: ['refund-not-found'],
  examples: {
    succeeded: {
      summary: 'Succeeded refund',
      fixture: 'refunded',
      path: { refundId },
      headers: { Prefer: 'wait=20' },
      response: {
        status: 200,
        headers: { ETag: '"2"', 'Preference-Applied': 'wait=20' },
        body: succeeded,
      },
    },
    unchanged: {
      summary: 'Unchanged refund',
      fixture: 'refunded',
      path: { refundId },
      headers: { 'If-None-Match': '"2"' },
      response: { status: 304, headers: { ETag: '"2"' } },
    },
    notFound: {
      summary: 'Unknown refund, or a refund of another buyer',
      fixture: 'shop',
      path: { refundId },
      response: rejectionExample(`/refunds/${refundId}`, {
        code: 'refund-not-found',
        detail: `You have no refund "${refundId}".`,
      }),
    },
  },
};
