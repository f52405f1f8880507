import { describe, expect, it } from 'vitest';
import { completed, requestedRefund } from '../../../../dev/docs/example-payment.ts';
import { createConfirmPaymentSchema } from '../../../../functions/confirm-payment/request.ts';
import { rankingsQuery } from '../../../../functions/get-rankings/request.ts';
import { deadLettersQuery } from '../../../../functions/list-dead-letters/request.ts';
import { listOrdersQuery as ordersQuery } from '../../../../functions/list-orders/request.ts';
import { listPaymentsQuery } from '../../../../functions/list-payments/request.ts';
import { listReviewsQuery } from '../../../../functions/list-reviews/request.ts';
import { requestInquirySchema } from '../../../../functions/request-inquiry/request.ts';
import { resolveReviewSchema } from '../../../../functions/resolve-review/request.ts';
import { tokenFormats } from '../../../../shared/gateway/token-format.ts';
import { alice } from '../../../../shared/http/examples.ts';
import { preferredWait } from '../../../../shared/http/long-poll.ts';
import {
  type ApiEvent,
  buyerOf,
  idempotencyKeyOf,
  operatorOf,
  parseBody,
  parsePathParameter,
  parseQuery,
} from '../../../../shared/http/request.ts';
import { routes } from '../../../../shared/http/routes.ts';
import { readSample, samplePayment } from './sample.ts';

const order = { orderId: completed.order.orderId };
const { refundId } = requestedRefund.refund;
const { reviewId } = alice;

describe('sampled request that reads', () => {
  const readers: Record<string, readonly [read: (event: ApiEvent) => unknown, found: unknown]> = {
    'get-order': [(event) => parsePathParameter(event, 'orderId'), order.orderId],
    'get-payment': [
      (event) => [parsePathParameter(event, 'paymentId'), preferredWait(event, 20)],
      [samplePayment.paymentId, 20],
    ],
    'confirm-payment': [
      (event) => [
        idempotencyKeyOf(event),
        parsePathParameter(event, 'paymentId'),
        parseBody(createConfirmPaymentSchema(tokenFormats.simulator), event),
      ],
      ['sample-confirm', samplePayment.paymentId, { paymentMethod: 'sim_approve' }],
    ],
    'cancel-payment': [
      (event) => [idempotencyKeyOf(event), parsePathParameter(event, 'paymentId')],
      ['sample-cancel', samplePayment.paymentId],
    ],
    'cancel-order': [
      (event) => [idempotencyKeyOf(event), parsePathParameter(event, 'orderId')],
      ['sample-cancel-order', order.orderId],
    ],
    'list-orders': [(event) => parseQuery(ordersQuery, event), { status: 'COMPLETED', limit: 10 }],
    'get-refund': [(event) => parsePathParameter(event, 'refundId'), refundId],
    'get-timeline': [(event) => parsePathParameter(event, 'paymentId'), samplePayment.paymentId],
    'get-operator-timeline': [
      (event) => [operatorOf(event).sub, parsePathParameter(event, 'paymentId')],
      ['olivia', samplePayment.paymentId],
    ],
    'request-inquiry': [
      (event) => [
        operatorOf(event).sub,
        parsePathParameter(event, 'paymentId'),
        parseBody(requestInquirySchema, event).reason,
      ],
      ['olivia', samplePayment.paymentId, 'The gateway reported an incident, ticket 4711.'],
    ],
    'list-dead-letters': [
      (event) => [operatorOf(event).sub, parseQuery(deadLettersQuery, event)],
      ['olivia', { sample: 5 }],
    ],
    'list-payments': [
      (event) => parseQuery(listPaymentsQuery, event),
      { status: 'COMPLETED', limit: 10 },
    ],
    'get-rankings': [(event) => parseQuery(rankingsQuery, event), { limit: 3 }],
    'list-reviews': [
      (event) => [operatorOf(event).sub, parseQuery(listReviewsQuery, event)],
      ['olivia', { status: 'OPEN', by: 'amount', limit: 10 }],
    ],
    'resolve-review': [
      (event) => [
        operatorOf(event).sub,
        parsePathParameter(event, 'reviewId'),
        parseBody(resolveReviewSchema, event).decision,
      ],
      ['olivia', reviewId, 'failed'],
    ],
    'get-review': [
      (event) => [operatorOf(event).sub, parsePathParameter(event, 'reviewId')],
      ['olivia', reviewId],
    ],
    'reconcile-ledger': [(event) => operatorOf(event).sub, 'olivia'],
    'get-balance': [buyerOf, 'alice'],
    'get-points': [buyerOf, 'alice'],
    'get-health': [({ routeKey }) => routeKey, 'GET /health'],
    'reject-unknown-route': [
      ({ routeKey, rawPath }) => [routeKey, rawPath],
      ['$default', '/nowhere'],
    ],
    'get-openapi': [({ routeKey }) => routeKey, 'GET /openapi.json'],
  };

  it.each(Object.entries(readers))('%s is parsed', (name, [read, found]) => {
    expect(read(readSample(name))).toEqual(found);
  });

  it.each(routes)('uses the route $method $path', ({ method, path, function: folder }) => {
    expect(readSample<ApiEvent>(folder).routeKey).toBe(`${method} ${path}`);
  });
});
