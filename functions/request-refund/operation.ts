import * as z from 'zod';
import type { Rejection } from '../../shared/domain/errors.ts';
import { alice, type Example, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { refundLinks } from '../../shared/http/refund-body.ts';
import { currency, id, minorUnits } from '../../shared/http/schemas/fields.ts';
import { refundPaymentSchema } from './request.ts';

const requested = z
  .strictObject({
    refundId: id,
    paymentId: id,
    status: z.literal('REQUESTED'),
    amount: minorUnits,
    currency,
  })
  .meta({ id: 'RequestedRefund' });

export type RequestedRefundBody = z.infer<typeof requested>;

const { paymentId, refundId, refundKey, sku } = alice;
const path = { paymentId };
const headers = { 'Idempotency-Key': refundKey };
const reason = 'One packet was more than enough.';
const body = { lines: [{ sku, quantity: 1, restock: true }], reason };
const refused = (data: Rejection) => rejectionExample(`/payments/${paymentId}/refunds`, data);

const answer = {
  status: 202,
  headers: { Location: `../..${refundLinks({ refundId, paymentId }).self}` },
  body: {
    refundId,
    paymentId,
    status: 'REQUESTED',
    amount: 2_500,
    currency: 'KRW',
  } satisfies RequestedRefundBody,
};

const examples: Readonly<Record<string, Example>> = {
  ofLines: {
    summary: 'One of two packets goes back into the stock',
    fixture: 'completed',
    path,
    headers,
    body,
    response: answer,
  },
  ofAnAmount: {
    summary: 'Half the money for a dented packet',
    fixture: 'completed',
    path,
    headers,
    body: { amount: 2_500, reason: 'It was dented.' },
    response: answer,
  },
  requestedBefore: {
    summary: 'The same request again, after its answer was lost',
    fixture: 'refunded',
    path,
    headers,
    body,
    response: { ...answer, headers: { ...answer.headers, 'Idempotency-Replayed': 'true' } },
  },
  tooMuch: {
    summary: 'More money than was paid',
    fixture: 'completed',
    path,
    headers,
    body: { amount: 5_001, reason },
    response: refused({
      code: 'refund-exceeds-captured',
      detail: '5000 KRW of the payment are left to refund.',
    }),
  },
  tooManyUnits: {
    summary: 'More packets than were sold',
    fixture: 'completed',
    path,
    headers,
    body: { ...body, lines: [{ sku, quantity: 3, restock: true }] },
    response: refused({
      code: 'refund-exceeds-captured',
      detail: '5000 KRW of the payment are left to refund.',
      errors: [{ sku, detail: `Only 2 of "${sku}" are left to refund.` }],
    }),
  },
  notPaid: {
    summary: 'A payment that failed',
    fixture: 'declined',
    path,
    headers,
    body,
    response: refused({
      code: 'payment-not-refundable',
      detail: 'A payment that is FAILED cannot be refunded.',
    }),
  },
  noSuchPayment: {
    summary: 'A payment that never was, or is not yours',
    fixture: 'shop',
    path,
    headers,
    body,
    response: refused({
      code: 'payment-not-found',
      detail: `You have no payment "${paymentId}".`,
    }),
  },
};

export const operation: Operation = {
  tag: 'Payments',
  summary: 'Refund a payment',
  description:
    'Gives back an amount, or units of some lines at what they cost after their share of the discount: all lines together are exactly what was paid. ' +
    'Units and money are two limits: after a refund by amount, lines give back what is left of the money, 0 included, and their units come back all the same. ' +
    'Refunds under way count as refunded, so no two of them ever pass what was paid. Two refunds of one amount are two refunds; a retry of one key is one. The money comes after the answer: ask the refund itself.',
  headers: ['Idempotency-Key'],
  body: refundPaymentSchema,
  responses: {
    202: {
      description:
        'The refund is requested. The same key gives the same answer, whatever has become of it since.',
      schema: requested,
      headers: ['Location', 'Idempotency-Replayed'],
    },
  },
  problems: ['payment-not-found', 'payment-not-refundable', 'refund-exceeds-captured'],
  examples,
};
