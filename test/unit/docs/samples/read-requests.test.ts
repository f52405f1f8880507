import { describe, expect, it } from 'vitest';
import { completed, requested } from '../../../../dev/docs/example-payment.ts';
import { rankingsQuery } from '../../../../functions/get-rankings/request.ts';
import { deadLettersQuery } from '../../../../functions/list-dead-letters/request.ts';
import { listQuery as ordersQuery } from '../../../../functions/list-orders/request.ts';
import { listQuery } from '../../../../functions/list-payments/request.ts';
import { reviewsQuery } from '../../../../functions/list-reviews/request.ts';
import { resolveBody } from '../../../../functions/resolve-review/request.ts';
import { alice } from '../../../../shared/http/examples.ts';
import {
  type ApiEvent,
  bodyOf,
  buyerOf,
  keyOf,
  operatorOf,
  pathOf,
  queryOf,
} from '../../../../shared/http/http-handler.ts';
import { preferredWait } from '../../../../shared/http/prefer.ts';
import { routes } from '../../../../shared/http/routes.ts';
import { payment, sample } from './sample.ts';

const order = { orderId: completed.order.orderId };
const { refundId } = requested.refund;
const { reviewId } = alice;

describe('a request without a body', () => {
  const readers: Record<string, readonly [read: (event: ApiEvent) => unknown, found: unknown]> = {
    'get-order': [(event) => pathOf(event, 'orderId'), order.orderId],
    'get-payment': [
      (event) => [pathOf(event, 'paymentId'), preferredWait(event, 20)],
      [payment.paymentId, 20],
    ],
    'cancel-payment': [
      (event) => [keyOf(event), pathOf(event, 'paymentId')],
      ['sample-cancel', payment.paymentId],
    ],
    'cancel-order': [
      (event) => [keyOf(event), pathOf(event, 'orderId')],
      ['sample-cancel-order', order.orderId],
    ],
    'list-orders': [(event) => queryOf(ordersQuery, event), { status: 'COMPLETED', limit: 10 }],
    'get-refund': [(event) => pathOf(event, 'refundId'), refundId],
    'get-timeline': [(event) => pathOf(event, 'paymentId'), payment.paymentId],
    'explain-payment': [
      (event) => [operatorOf(event), pathOf(event, 'paymentId')],
      ['olivia', payment.paymentId],
    ],
    'inquire-now': [
      (event) => [operatorOf(event), pathOf(event, 'paymentId')],
      ['olivia', payment.paymentId],
    ],
    'list-dead-letters': [
      (event) => [operatorOf(event), queryOf(deadLettersQuery, event)],
      ['olivia', { sample: 5 }],
    ],
    'list-payments': [(event) => queryOf(listQuery, event), { status: 'COMPLETED', limit: 10 }],
    'get-rankings': [(event) => queryOf(rankingsQuery, event), { limit: 3 }],
    'list-reviews': [
      (event) => [operatorOf(event), queryOf(reviewsQuery, event)],
      ['olivia', { status: 'OPEN', by: 'amount', limit: 10 }],
    ],
    'resolve-review': [
      (event) => [
        operatorOf(event),
        pathOf(event, 'reviewId'),
        bodyOf(resolveBody, event).decision,
      ],
      ['olivia', reviewId, 'failed'],
    ],
    'get-review': [(event) => [operatorOf(event), pathOf(event, 'reviewId')], ['olivia', reviewId]],
    'prove-ledger': [operatorOf, 'olivia'],
    'get-balance': [buyerOf, 'alice'],
    'get-points': [buyerOf, 'alice'],
    'get-health': [({ routeKey }) => routeKey, 'GET /health'],
    'refuse-route': [({ routeKey, rawPath }) => [routeKey, rawPath], ['$default', '/nowhere']],
    'get-openapi': [({ routeKey }) => routeKey, 'GET /openapi.json'],
  };

  it.each(Object.entries(readers))('%s is read', (name, [read, found]) => {
    expect(read(sample(name))).toEqual(found);
  });

  it.each(routes)('comes by its route: $method $path', ({ method, path, function: folder }) => {
    expect(sample<ApiEvent>(folder).routeKey).toBe(`${method} ${path}`);
  });
});
