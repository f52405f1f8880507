import type { Rejection } from '../../shared/domain/errors.ts';
import { alice, type Example, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { requestedRefundResponse } from '../../shared/http/schemas/refund.ts';
import { operatorRefundSchema } from './request.ts';

const { paymentId } = alice;
const path = { paymentId };
const headers = { 'Idempotency-Key': 'sample-support-refund' };
const body = { amount: 2_500, reason: 'A packet was dented, ticket 4711.' };
const rejected = (data: Rejection) =>
  rejectionExample(`/operator/payments/${paymentId}/refunds`, data);

const examples: Readonly<Record<string, Example>> = {
  amount: {
    summary: 'Refund by amount',
    fixture: 'completed',
    path,
    headers,
    body,
    response: { status: 202 },
  },
  amountExceeded: {
    summary: 'More than the captured amount',
    fixture: 'completed',
    path,
    headers,
    body: { ...body, amount: 5_001 },
    response: rejected({
      code: 'refund-exceeds-captured',
      detail: 'The refundable amount is 5000 KRW.',
    }),
  },
  notRefundable: {
    summary: 'Failed payment',
    fixture: 'declined',
    path,
    headers,
    body,
    response: rejected({
      code: 'payment-not-refundable',
      detail: 'A payment that is FAILED cannot be refunded.',
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
};

export const operation: Operation = {
  tag: 'Operators',
  summary: 'Refund a payment for its buyer',
  description:
    'Requests a refund of any payment, at any time, with the amounts and lines that its buyer could refund. The buyer gets the refund like their own. ' +
    'The operator, the scope and the reason go to the audit log in the same transaction. A key belongs to the operator and the payment.',
  headers: ['Idempotency-Key'],
  body: operatorRefundSchema,
  responses: { 202: requestedRefundResponse },
  problems: ['payment-not-found', 'payment-not-refundable', 'refund-exceeds-captured'],
  examples,
};
