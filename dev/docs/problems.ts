import type { ResponseHeader } from '../../shared/http/headers.ts';
import type { ProblemCode } from '../../shared/http/problem.ts';

export interface Guidance {
  /** When the code occurs. */
  readonly when: string;
  /** What the client, or the buyer, does. */
  readonly do: string;
}

interface ProblemGuidance extends Guidance {
  /** Headers that the response may have. */
  readonly headers?: readonly ResponseHeader[];
}

/** The documentation of each problem code. It is kept out of the functions, which do not send it. */
export const problemGuidance: Readonly<Record<ProblemCode, ProblemGuidance>> = {
  'invalid-request': {
    when: 'The path, the query or the body does not match its schema, is not well-formed UTF-8, or repeats a field; `errors` lists each error by `pointer` or `parameter`.',
    do: 'Fix the request.',
  },
  'idempotency-key-missing': {
    when: 'The request needs an `Idempotency-Key` header.',
    do: 'Generate a key and send the request with it.',
  },
  'idempotency-key-invalid': {
    when: 'The key is not 1 to 255 visible ASCII characters.',
    do: 'Generate another key, for example a UUID.',
  },
  unauthorized: {
    when: 'The token has no subject, or the signature or timestamp of a webhook is not valid. API Gateway itself rejects an invalid token, with `{"message"}`.',
    do: 'Get a new token and send the same request with the same key.',
    headers: ['WWW-Authenticate'],
  },
  forbidden: {
    when: 'The token has none of the scopes of the operator route; `detail` lists them.',
    do: 'Use a token with one of these scopes.',
  },
  'balance-exceeds-total': {
    when: '`balanceAmount` is more than the total of the order; `detail` states the total.',
    do: 'Take at most the total from the balance. Nothing is stored.',
  },
  'return-url-not-allowed': {
    when: '`returnUrl` is not on one of the origins that the deployment names as `returnOrigins`, or has a user name.',
    do: 'Send the URL of a page of the shop. Nothing is stored.',
  },
  'insufficient-balance': {
    when: 'The balance does not cover `balanceAmount`, or has another currency; `detail` says which.',
    do: 'Notify the buyer. The order is cancelled: create a new order after a deposit.',
    headers: ['Location'],
  },
  'route-not-found': {
    when: 'No route has this path.',
    do: 'Fix the path in the client.',
  },
  'method-not-allowed': {
    when: 'The path does not support this method; `Allow` lists the supported ones.',
    do: 'Fix the method in the client.',
    headers: ['Allow'],
  },
  'order-not-found': {
    when: 'The buyer has no order with this ID.',
    do: 'Do not retry.',
  },
  'payment-not-found': {
    when: 'The buyer has no payment with this ID.',
    do: 'Do not retry.',
  },
  'refund-not-found': {
    when: 'The buyer has no refund with this ID.',
    do: 'Do not retry.',
  },
  'review-not-found': {
    when: 'There is no review with this ID.',
    do: 'Do not retry.',
  },
  'order-not-payable': {
    when: 'The order is paid, refunded or cancelled, or its stored total is not valid.',
    do: 'Get the order. Create a new order to buy again.',
  },
  'order-expired': {
    when: 'The order was not paid before `expiresAt`.',
    do: 'Create a new order. The coupon of the expired order is released within minutes.',
  },
  'order-not-cancellable': {
    when: 'The order is paid or refunded.',
    do: 'Get the order. Request a refund of its payment.',
  },
  'being-released': {
    when: 'A payment of the order failed, or the order expired; the order is being cancelled and its coupon released.',
    do: 'Send the same request again after `Retry-After` seconds, with the same key.',
    headers: ['Retry-After'],
  },
  'payment-in-progress': {
    when: 'Another payment of the order is in progress; `Location` and `paymentId` name it.',
    do: 'Follow that payment instead of creating another.',
    headers: ['Location', 'Retry-After'],
  },
  'out-of-stock': {
    when: 'The stock does not cover the order; `errors` lists each `sku`.',
    do: 'Notify the buyer. The order is cancelled: create a new order.',
    headers: ['Location'],
  },
  'total-changed': {
    when: '`expectedAmount` differs from the total of the order.',
    do: 'Show the buyer the total, then send the request with a new key.',
  },
  'coupon-not-usable': {
    when: 'The coupon is unknown, used, expired, in another currency, or its stored amount or expiry is not valid.',
    do: 'Create the order without it, with a new key. With `Retry-After`: cancel the unpaid order that `detail` names, or retry later with the same key.',
    headers: ['Retry-After'],
  },
  'product-not-sellable': {
    when: 'The stored price, currency or stock of a product is not valid; `errors` lists each `sku`.',
    do: 'Create the order without it, with a new key. The shop must fix its catalogue.',
  },
  'balance-not-usable': {
    when: 'The stored balance is missing, negative, above 2^53 - 1 or not a number. Nothing was stored. `GET /me/balance` also rejects a fractional balance.',
    do: 'Ask the buyer to contact support. Send the same request again after the balance is fixed.',
  },
  'payment-not-cancellable': {
    when: 'The payment has a final status.',
    do: 'Get the payment. If it is completed, request a refund.',
  },
  'payment-not-confirmable': {
    when: 'The payment does not wait for this confirmation: it is being charged, has a final status, has received another payment method, or its hold has ended.',
    do: 'Get the payment, and do what its `nextAction` says, if it has one.',
  },
  'payment-not-refundable': {
    when: 'The payment is not completed, or has the maximum number of refunds.',
    do: 'Get the payment. Cancel it if it is in progress. With `Retry-After`, retry later; after a review, use a new key.',
    headers: ['Retry-After'],
  },
  'refund-exceeds-captured': {
    when: 'The refund exceeds what is left of the captured amount; refunds in progress count. `errors` lists each `sku` with too many units.',
    do: 'Get the payment and request at most what is left.',
  },
  'refund-not-allowed': {
    when: 'The buyer may not refund this payment: the time for it after the payment completed is over, or buyers cannot refund at all.',
    do: 'Ask the support of the shop, which can refund it. A new key does not help.',
  },
  'decision-not-allowed': {
    when: 'The decision contradicts the gateway, the stored state or an earlier decision; `detail` says what the gateway has and which decisions are allowed.',
    do: 'Follow `detail`, or get the review again.',
  },
  'second-person-required': {
    when: 'A person repeats a decision on a review that they have proposed, and that needs another person.',
    do: 'Let another person send the same decision, or send a different one.',
  },
  'idempotency-key-in-flight': {
    when: 'The first request with this key is still in progress.',
    do: 'Send the same request again after `Retry-After` seconds.',
    headers: ['Retry-After'],
  },
  'payload-too-large': {
    when: 'The body is larger than 64 KiB.',
    do: 'Send a smaller body.',
  },
  'unsupported-media-type': {
    when: 'The body is not `application/json` in UTF-8, or is compressed.',
    do: 'Set the `Content-Type` and send the body as UTF-8.',
  },
  'card-number-refused': {
    when: 'The request contains 12 to 19 digits that pass the Luhn check of card numbers. Nothing was stored or logged; `errors` names the field.',
    do: 'Never send a card number: send the token that the payment gateway returns. Remove any other such number from the text.',
  },
  'product-not-found': {
    when: 'The catalogue does not have the product; `errors` lists each `sku`.',
    do: 'Create the order without it, with a new key.',
  },
  'idempotency-key-reused': {
    when: 'The key was used for another request.',
    do: 'Use a new key for each new request. Fix the client.',
  },
  'too-many-lines': {
    when: 'The order has more than 80 distinct SKUs.',
    do: 'Split it into several orders, each with its own key.',
  },
  'too-many-requests': {
    when: 'The local API received too many requests. On AWS, API Gateway sends 429 itself, with `{"message"}`.',
    do: 'Send the same request again after `Retry-After` seconds, with the same key and exponential backoff.',
    headers: ['Retry-After'],
  },
  'internal-error': {
    when: 'An unexpected error.',
    do: 'Send the same request again with the same key. If it persists, report the `traceId` to support.',
  },
  'temporarily-unavailable': {
    when: 'A dependency is unavailable, or concurrent requests conflict. The request may have been processed.',
    do: 'Send the same request again after `Retry-After` seconds, with the same key and exponential backoff.',
    headers: ['Retry-After'],
  },
};
