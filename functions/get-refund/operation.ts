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
  summary: 'Look at a refund',
  description:
    "The buyer's own. Another's is a 404 that looks like a missing one. With `Prefer: wait=20` the answer comes as soon as it has ended, or with `If-None-Match` as soon as it has another version, and after 20 s at the latest.",
  headers: ['If-None-Match', 'Prefer'],
  responses: {
    200: {
      description: 'The refund.',
      schema: refundSchema,
      headers: ['ETag', 'Preference-Applied'],
    },
    304: { description: 'It has not changed.', headers: ['ETag', 'Preference-Applied'] },
  },
  problems: ['refund-not-found'],
  examples: {
    succeeded: {
      summary: 'A refund that is paid back',
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
      summary: 'A refund that was read before',
      fixture: 'refunded',
      path: { refundId },
      headers: { 'If-None-Match': '"2"' },
      response: { status: 304, headers: { ETag: '"2"' } },
    },
    missing: {
      summary: 'A refund that never was, or is not yours',
      fixture: 'shop',
      path: { refundId },
      response: rejectionExample(`/refunds/${refundId}`, {
        code: 'refund-not-found',
        detail: `You have no refund "${refundId}".`,
      }),
    },
  },
};
