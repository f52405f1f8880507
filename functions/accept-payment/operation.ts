import * as z from 'zod';
import { storedRejectionCodes } from '../../shared/application/payments/accept-payment.ts';
import type { Rejection } from '../../shared/domain/errors.ts';
import { alice, type Example, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { paymentLinks } from '../../shared/http/payment-body.ts';
import { currency, id, minorUnits } from '../../shared/http/schemas/fields.ts';
import { paymentLinksSchema } from '../../shared/http/schemas/payment.ts';
import { acceptPaymentSchema } from './request.ts';

const { orderId, paymentId, paymentKey } = alice;
const headers = { 'Idempotency-Key': paymentKey };
const otherKey = { 'Idempotency-Key': 'another-payment' };
const body = { orderId, paymentMethod: 'sim_approve' };
const refused = (data: Rejection) => rejectionExample('/payments', data);

const acceptedResponse = {
  status: 202,
  headers: { Location: `payments/${paymentId}`, 'Retry-After': '1' },
  body: {
    paymentId,
    orderId,
    amount: 5_000,
    currency: 'KRW',
    status: 'PENDING',
    links: paymentLinks(paymentId),
  } satisfies AcceptedBody,
};

const examples: Readonly<Record<string, Example>> = {
  accepted: {
    summary: 'A payment is accepted',
    fixture: 'order',
    headers,
    body: { ...body, expectedAmount: 5_000 },
    response: acceptedResponse,
  },
  acceptedBefore: {
    summary: 'The same request again, after its answer was lost',
    fixture: 'completed',
    headers,
    body,
    response: {
      ...acceptedResponse,
      headers: { ...acceptedResponse.headers, 'Idempotency-Replayed': 'true' },
    },
  },
  keyReused: {
    summary: 'Something else under the same key',
    fixture: 'completed',
    headers,
    body: { ...body, paymentMethod: 'sim_approve_slow' },
    response: refused({
      code: 'idempotency-key-reused',
      detail: 'This Idempotency-Key was used for another request.',
    }),
  },
  keyMissing: {
    summary: 'A payment without a key',
    fixture: 'order',
    body,
    response: refused({
      code: 'idempotency-key-missing',
      detail: 'Send an Idempotency-Key header, a new one for each new request.',
    }),
  },
  shortBalance: {
    summary: 'Less money than the order costs',
    fixture: 'poverty',
    headers,
    body,
    response: refused({
      code: 'insufficient-balance',
      detail: 'The balance does not cover 5000 KRW.',
      paymentId,
    }),
  },
  outOfStock: {
    summary: 'Less tea than was ordered',
    fixture: 'last packet',
    headers,
    body,
    response: refused({
      code: 'out-of-stock',
      detail: 'There is not enough stock.',
      errors: [{ sku: alice.sku, detail: `There is not enough "${alice.sku}" left.` }],
      paymentId,
    }),
  },
  noSuchOrder: {
    summary: 'An order that never was, or is not yours',
    fixture: 'shop',
    headers,
    body,
    response: refused({
      code: 'order-not-found',
      detail: `You have no order "${orderId}".`,
    }),
  },
  tooLate: {
    summary: 'An order that has expired',
    fixture: 'expired',
    headers,
    body,
    response: refused({
      code: 'order-expired',
      detail: 'The order was not paid before it expired.',
    }),
  },
  inProgress: {
    summary: 'A second payment while the first is under way',
    fixture: 'charging',
    headers: otherKey,
    body,
    response: refused({
      code: 'payment-in-progress',
      detail: 'Another payment of this order is in progress.',
      paymentId,
    }),
  },
  paidBefore: {
    summary: 'An order that is paid',
    fixture: 'completed',
    headers: otherKey,
    body,
    response: refused({
      code: 'order-not-payable',
      detail: 'An order in status COMPLETED cannot be paid.',
    }),
  },
  cardNumber: {
    summary: 'A card number in place of a token',
    fixture: 'order',
    headers,
    body: { ...body, paymentMethod: '4242 4242 4242 4242' },
    response: refused({
      code: 'card-number-refused',
      detail:
        'This looks like a card number, which is never taken. Send a token of the payment gateway.',
      errors: [{ pointer: '/paymentMethod', detail: 'There is a card number here.' }],
    }),
  },
  otherTotal: {
    summary: 'A total that is not what the buyer was shown',
    fixture: 'order',
    headers,
    body: { ...body, expectedAmount: 4_500 },
    response: refused({ code: 'total-changed', detail: "The order's total is 5000 KRW." }),
  },
};

const accepted = z
  .strictObject({
    paymentId: id,
    orderId: id,
    status: z.literal('PENDING'),
    amount: minorUnits,
    currency,
    links: paymentLinksSchema,
  })
  .meta({ id: 'AcceptedPayment' });

export type AcceptedBody = z.infer<typeof accepted>;

export const operation: Operation = {
  tag: 'Payments',
  summary: 'Pay an order',
  description:
    "The money is held, the stock reserved and the payment stored in one transaction, or nothing of it. Charging comes after the answer: ask the payment itself what became of it. The price is the order's; `expectedAmount` is only ever compared with it. " +
    'For want of money or stock the payment is stored as failed, so its key keeps its answer, and the order is cancelled.',
  headers: ['Idempotency-Key'],
  body: acceptPaymentSchema,
  responses: {
    202: {
      description:
        'The payment is accepted. The same key gives the same answer, whatever has become of it since.',
      schema: accepted,
      headers: ['Location', 'Retry-After', 'Idempotency-Replayed'],
    },
  },
  problems: [
    'balance-not-usable',
    'being-released',
    'insufficient-balance',
    'order-expired',
    'order-not-found',
    'order-not-payable',
    'out-of-stock',
    'payment-in-progress',
    'product-not-sellable',
    'total-changed',
  ],
  storedRejections: storedRejectionCodes,
  examples,
};
