import type { Rejection } from '../../shared/domain/errors.ts';
import { alice, type Example, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { refundLinks } from '../../shared/http/refund-body.ts';
import {
  type RequestedRefundBody,
  requestedRefundResponse,
} from '../../shared/http/schemas/refund.ts';
import { refundPaymentSchema } from './request.ts';

const { paymentId, refundId, refundKey, sku } = alice;
const path = { paymentId };
const headers = { 'Idempotency-Key': refundKey };
const reason = 'One packet was more than enough.';
const body = { lines: [{ sku, quantity: 1, restock: true }], reason };
const rejected = (data: Rejection) => rejectionExample(`/payments/${paymentId}/refunds`, data);

const requestedResponse = {
  status: 202,
  headers: { Location: `../..${refundLinks({ refundId, paymentId }).self}` },
  body: {
    refundId,
    paymentId,
    status: 'REQUESTED',
    amount: 2_500,
    balanceAmount: 0,
    gatewayAmount: 2_500,
    currency: 'KRW',
  } satisfies RequestedRefundBody,
};

const examples: Readonly<Record<string, Example>> = {
  lines: {
    summary: 'Refund of one of two packets, restocked',
    fixture: 'completed',
    path,
    headers,
    body,
    response: requestedResponse,
  },
  amount: {
    summary: 'Refund by amount',
    fixture: 'completed',
    path,
    headers,
    body: { amount: 2_500, reason: 'It was dented.' },
    response: requestedResponse,
  },
  replayed: {
    summary: 'The same request again',
    fixture: 'refunded',
    path,
    headers,
    body,
    response: {
      ...requestedResponse,
      headers: { ...requestedResponse.headers, 'Idempotency-Replayed': 'true' },
    },
  },
  amountExceeded: {
    summary: 'More than the captured amount',
    fixture: 'completed',
    path,
    headers,
    body: { amount: 5_001, reason },
    response: rejected({
      code: 'refund-exceeds-captured',
      detail: 'The refundable amount is 5000 KRW.',
    }),
  },
  linesExceeded: {
    summary: 'More units than the order has',
    fixture: 'completed',
    path,
    headers,
    body: { ...body, lines: [{ sku, quantity: 3, restock: true }] },
    response: rejected({
      code: 'refund-exceeds-captured',
      detail: 'The refundable amount is 5000 KRW.',
      errors: [{ sku, detail: `Only 2 of "${sku}" can be refunded.` }],
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
};

export const operation: Operation = {
  tag: 'Payments',
  summary: 'Refund a payment',
  description:
    'Buyers can refund only inside the time that the shop allows after the payment completed; the shop refunds with `POST /operator/payments/{paymentId}/refunds`. ' +
    'Requests a refund of an amount or of order lines and executes it asynchronously: get the refund to see the outcome. ' +
    'Lines are refunded at their price minus their share of the discount, at most what is left of the captured amount. ' +
    'Refunds in progress count as refunded.',
  headers: ['Idempotency-Key'],
  body: refundPaymentSchema,
  responses: { 202: requestedRefundResponse },
  problems: [
    'refund-not-allowed',
    'payment-not-found',
    'payment-not-refundable',
    'refund-exceeds-captured',
  ],
  examples,
};
