import { storedRejectionCodes } from '../../shared/application/payments/accept-rejections.ts';
import type { Rejection } from '../../shared/domain/errors.ts';
import { tokenFormats } from '../../shared/gateway/token-format.ts';
import { alice, type Example, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { paymentLinks } from '../../shared/http/payment-body.ts';
import {
  type AcceptedBody,
  acceptedPaymentSchema,
} from '../../shared/http/schemas/accepted-payment.ts';
import { placedOrderExample } from '../../shared/http/schemas/order.ts';
import { provideMethodExample } from '../../shared/http/schemas/payment-example.ts';
import { createAcceptPaymentSchema } from './request.ts';

const schema = createAcceptPaymentSchema(tokenFormats.simulator);
/** Long descriptions are here, so that the function's bundle does not have them. */
const describedSchema = schema.extend({
  order: schema.shape.order.meta({
    additionalProperties: true,
    description:
      'The order exactly as `POST /orders` or `GET /orders/{orderId}` answered it. It makes the request faster and changes nothing else: it is only compared with the stored order, and the stored order is paid.',
  }),
  onDecline: schema.shape.onDecline.meta({
    description:
      'What a decline does. `cancel`, the default, fails the payment and cancels the order. `keep` waits for another payment method, at most five in all and while the hold lasts.',
  }),
});

const { orderId, paymentId, paymentKey } = alice;
const headers = { 'Idempotency-Key': paymentKey };
const otherKey = { 'Idempotency-Key': 'another-payment' };
const body = { orderId, balanceAmount: 2_000, paymentMethod: 'sim_approve' };
const rejected = (data: Rejection) => rejectionExample('/payments', data);

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
    summary: 'Accepted',
    fixture: 'order',
    headers,
    body: { ...body, expectedAmount: 5_000 },
    response: acceptedResponse,
  },
  orderSent: {
    summary: 'Accepted without a read of the order, which the request has',
    fixture: 'order',
    headers,
    body: { ...body, order: placedOrderExample },
    response: acceptedResponse,
  },
  replayed: {
    summary: 'The same request again',
    fixture: 'completed',
    headers,
    body,
    response: {
      ...acceptedResponse,
      headers: { ...acceptedResponse.headers, 'Idempotency-Replayed': 'true' },
    },
  },
  methodRequired: {
    summary: 'Accepted without a payment method',
    fixture: 'order',
    headers,
    body: { orderId, balanceAmount: 2_000, returnUrl: 'http://localhost:3000/paid' },
    response: {
      ...acceptedResponse,
      body: {
        ...acceptedResponse.body,
        status: 'REQUIRES_ACTION',
        nextAction: provideMethodExample('http://localhost:3000/paid'),
      } satisfies AcceptedBody,
    },
  },
  keyReused: {
    summary: 'Another request with the same key',
    fixture: 'completed',
    headers,
    body: { ...body, paymentMethod: 'sim_approve_slow' },
    response: rejected({
      code: 'idempotency-key-reused',
      detail: 'This Idempotency-Key was used for another request.',
    }),
  },
  keyMissing: {
    summary: 'Missing Idempotency-Key',
    fixture: 'order',
    body,
    response: rejected({
      code: 'idempotency-key-missing',
      detail: 'Send an Idempotency-Key header, a new one for each new request.',
    }),
  },
  insufficientBalance: {
    summary: 'Insufficient balance',
    fixture: 'low balance',
    headers,
    body,
    response: rejected({
      code: 'insufficient-balance',
      detail: 'The balance does not cover 2000 KRW.',
      paymentId,
    }),
  },
  balanceExceedsTotal: {
    summary: 'More than the total from the balance',
    fixture: 'order',
    headers,
    body: { ...body, balanceAmount: 5_001 },
    response: rejected({
      code: 'balance-exceeds-total',
      detail: "The order's total is 5000 KRW.",
      errors: [{ pointer: '/balanceAmount', detail: 'This is more than the total of the order.' }],
    }),
  },
  outOfStock: {
    summary: 'Out of stock',
    fixture: 'last packet',
    headers,
    body,
    response: rejected({
      code: 'out-of-stock',
      detail: 'There is not enough stock.',
      errors: [{ sku: alice.sku, detail: `There is not enough "${alice.sku}" left.` }],
      paymentId,
    }),
  },
  orderNotFound: {
    summary: 'Unknown order, or an order of another buyer',
    fixture: 'shop',
    headers,
    body,
    response: rejected({
      code: 'order-not-found',
      detail: `You have no order "${orderId}".`,
    }),
  },
  orderExpired: {
    summary: 'Expired order',
    fixture: 'expired',
    headers,
    body,
    response: rejected({
      code: 'order-expired',
      detail: 'The order was not paid before it expired.',
    }),
  },
  paymentInProgress: {
    summary: 'Another payment of the order is in progress',
    fixture: 'charging',
    headers: otherKey,
    body,
    response: rejected({
      code: 'payment-in-progress',
      detail: 'Another payment of this order is in progress.',
      paymentId,
    }),
  },
  orderPaid: {
    summary: 'The order is already paid',
    fixture: 'completed',
    headers: otherKey,
    body,
    response: rejected({
      code: 'order-not-payable',
      detail: 'An order in status COMPLETED cannot be paid.',
    }),
  },
  cardNumber: {
    summary: 'Card number instead of a token',
    fixture: 'order',
    headers,
    body: { ...body, paymentMethod: '4242 4242 4242 4242' },
    response: rejected({
      code: 'card-number-refused',
      detail:
        'This looks like a card number, which is not accepted. Send a token of the payment gateway.',
      errors: [{ pointer: '/paymentMethod', detail: 'This contains a card number.' }],
    }),
  },
  returnUrlNotAllowed: {
    summary: 'Return URL of another site',
    fixture: 'order',
    headers,
    body: { ...body, returnUrl: 'https://elsewhere.example/paid' },
    response: rejected({
      code: 'return-url-not-allowed',
      detail: 'Buyers are sent back to pages of the shop only.',
      errors: [{ pointer: '/returnUrl', detail: "This is not a page of the shop's sites." }],
    }),
  },
  totalChanged: {
    summary: 'The total differs from `expectedAmount`',
    fixture: 'order',
    headers,
    body: { ...body, expectedAmount: 4_500 },
    response: rejected({ code: 'total-changed', detail: "The order's total is 5000 KRW." }),
  },
};

export const operation: Operation = {
  tag: 'Payments',
  summary: 'Accept a payment',
  description:
    'Holds the funds, reserves the stock and stores the payment in one transaction, then charges asynchronously: get the payment to see the outcome. ' +
    'The amount is the total of the order; `expectedAmount` and `order` are only compared with it. ' +
    '`balanceAmount` of it is taken from the balance, and the gateway charges the rest. ' +
    'Without a payment method for the rest, the payment waits for its buyer: do what `nextAction` says, then confirm the payment. ' +
    'If funds or stock are insufficient, the payment is stored as failed and the order is cancelled.',
  headers: ['Idempotency-Key'],
  body: describedSchema,
  responses: {
    202: {
      description:
        'The payment is accepted. The same key returns the same response, whatever the payment has become since.',
      schema: acceptedPaymentSchema,
      headers: ['Location', 'Retry-After', 'Idempotency-Replayed'],
    },
  },
  problems: [
    'balance-exceeds-total',
    'balance-not-usable',
    'being-released',
    'insufficient-balance',
    'order-expired',
    'order-not-found',
    'order-not-payable',
    'out-of-stock',
    'payment-in-progress',
    'product-not-sellable',
    'return-url-not-allowed',
    'total-changed',
  ],
  storedRejections: storedRejectionCodes,
  examples,
};
