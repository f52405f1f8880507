import type { ResponseHeader } from '../../shared/http/headers.ts';
import type { ProblemCode } from '../../shared/http/problem.ts';

interface ProblemGuidance {
  /** When it occurs. */
  readonly when: string;
  /** What the client does. */
  readonly do: string;
  /** What it may come with. */
  readonly headers?: readonly ResponseHeader[];
}

/** What stands in no answer, so no function carries it: what each problem means for the program that meets it. */
export const problemGuidance: Readonly<Record<ProblemCode, ProblemGuidance>> = {
  'invalid-request': {
    when: 'The path, the query or the body is not as described, is not well-formed UTF-8, or has one field twice; `errors` names each fault by `pointer` or `parameter`.',
    do: 'Mend the request.',
  },
  'idempotency-key-missing': {
    when: 'A request that writes came without an `Idempotency-Key`.',
    do: 'Make a key, and send the request with it.',
  },
  'idempotency-key-invalid': {
    when: 'The key is not 1 to 255 visible ASCII characters.',
    do: 'Make another key; a UUID will do.',
  },
  unauthorized: {
    when: 'The token names nobody. A token that is missing, expired or forged is refused by API Gateway, with `{"message"}`. Of a webhook: the gateway has not signed it, or not now.',
    do: 'Get a new token, and send the same request with the same key.',
    headers: ['WWW-Authenticate'],
  },
  forbidden: {
    when: 'The token has not the scope of operators.',
    do: "Use a token of the operators' client.",
  },
  'insufficient-balance': {
    when: "The balance does not cover the order's total, or is in another currency: `detail` says which.",
    do: 'Tell the buyer. The order is cancelled: after a deposit, place a new one.',
    headers: ['Location'],
  },
  'route-not-found': {
    when: 'No route has this path.',
    do: 'Mend the address. This is a fault of the client.',
  },
  'method-not-allowed': {
    when: 'The path is there, but not with this method; `Allow` names those that it has.',
    do: 'Use another method. This is a fault of the client.',
    headers: ['Allow'],
  },
  'order-not-found': {
    when: 'There is no such order of this buyer.',
    do: 'Do not try again.',
  },
  'payment-not-found': {
    when: 'There is no such payment of this buyer.',
    do: 'Do not try again.',
  },
  'refund-not-found': {
    when: 'There is no such refund of this buyer.',
    do: 'Do not try again.',
  },
  'review-not-found': {
    when: 'There is no such review.',
    do: 'Do not try again.',
  },
  'order-not-payable': {
    when: 'The order is paid, refunded or cancelled, or its stored total is not a whole amount.',
    do: 'Look at the order. To buy again, place a new one.',
  },
  'order-expired': {
    when: 'The order was not paid before its `expiresAt`.',
    do: 'Place a new order. If the old one had a coupon, it comes back within some minutes.',
  },
  'order-not-cancellable': {
    when: 'The order is paid or refunded.',
    do: 'Look at the order. Ask for a refund of its payment.',
  },
  'being-released': {
    when: 'A payment of the order failed, or the order expired: the order is about to be cancelled and its coupon to be free.',
    do: 'Send the same request again after `Retry-After` seconds, with the same key.',
    headers: ['Retry-After'],
  },
  'payment-in-progress': {
    when: 'Another payment of the order is under way; `Location` and `paymentId` name it.',
    do: 'Follow that payment instead of starting another.',
    headers: ['Location', 'Retry-After'],
  },
  'out-of-stock': {
    when: 'Less is left than was ordered; `errors` names each `sku`.',
    do: 'Tell the buyer. The order is cancelled: place another one.',
    headers: ['Location'],
  },
  'total-changed': {
    when: "`expectedAmount` is not the order's total.",
    do: 'Show the buyer the total of the order, and ask again under a new key.',
  },
  'coupon-not-usable': {
    when: 'The coupon is not there, used, expired, in another currency, or its stored amount or time is not valid.',
    do: 'Order without it, under a new key. If there is a `Retry-After`, an order that is not paid yet uses the coupon, and `detail` names it: cancel that order, or send the same request again later.',
    headers: ['Retry-After'],
  },
  'product-not-sellable': {
    when: 'The catalogue has a product whose price, currency or stock is not valid; `errors` names each `sku`.',
    do: 'Order without it, under a new key. The shop has to correct its catalogue.',
  },
  'balance-not-usable': {
    when: 'The stored balance of the buyer is not valid: a number that is negative or beyond 2^53 - 1, missing, or of another type. Nothing was stored. `GET /me/balance` refuses also a number that is not whole; a payment does so only where the balance cannot take it, and is accepted otherwise.',
    do: 'Tell the buyer to contact support. The same request can be sent again when the balance is corrected.',
  },
  'payment-not-cancellable': {
    when: 'The payment has ended: it was paid, or it failed by itself.',
    do: 'Look at the payment. If it was paid, ask for a refund.',
  },
  'payment-not-refundable': {
    when: 'The payment is not paid, or has had as many refunds as a payment may have.',
    do: 'Look at the payment. While it is under way, cancel it. If there is a `Retry-After`, it is not decided yet: send the same request again later. One under review is decided by a person: ask again then, under a new key.',
    headers: ['Retry-After'],
  },
  'refund-exceeds-captured': {
    when: 'Less is left of the payment than was asked for; refunds that are under way count. `errors` names each `sku` of which less is left.',
    do: 'Look at the payment, and ask for no more than is left of it.',
  },
  'decision-not-allowed': {
    when: 'What is under review does not end so, was decided otherwise, or the decision contradicts what the payment gateway says or what is stored; `detail` says what the gateway has, what to do there and what may be decided.',
    do: 'Do what `detail` says, or look at the review again.',
  },
  'idempotency-key-in-flight': {
    when: 'The first request with this key is still under way.',
    do: 'Send the same request again after `Retry-After` seconds.',
    headers: ['Retry-After'],
  },
  'payload-too-large': {
    when: 'The body has more than 64 KiB.',
    do: 'Send less.',
  },
  'unsupported-media-type': {
    when: 'The body does not come as `application/json` in UTF-8, or is compressed.',
    do: 'Set the `Content-Type`, and send the body as UTF-8.',
  },
  'card-number-refused': {
    when: "A text has 12 to 19 digits that pass Luhn's check, as card numbers do, in one run or in a card's groups. Nothing was stored or logged; `errors` names the place.",
    do: 'Never send a card number. Give the card to the payment gateway, and send the token that it returns. Of another number: leave it out of the text.',
  },
  'product-not-found': {
    when: 'The catalogue has no such product; `errors` names each `sku`.',
    do: 'Order without it, under a new key.',
  },
  'idempotency-key-reused': {
    when: 'The key came before, with another request.',
    do: 'Use a new key for a new request. This is a fault of the client: a key stands for one intention.',
  },
  'too-many-lines': {
    when: 'The order has more than 80 distinct skus.',
    do: 'Make several orders of it, each under a key of its own.',
  },
  'too-many-requests': {
    when: 'More requests came than the local API answers at a time. On AWS, API Gateway says so by itself, with `{"message"}`.',
    do: 'Send the same request again after `Retry-After` seconds, with the same key and growing pauses.',
    headers: ['Retry-After'],
  },
  'internal-error': {
    when: 'Something that nobody expected.',
    do: 'Send the same request again, with the same key; tell support the `traceId` if it stays.',
  },
  'temporarily-unavailable': {
    when: 'Something behind the API did not answer, or too many wanted the same at once. It may or may not have been done.',
    do: 'Send the same request again after `Retry-After` seconds, with the same key and growing pauses.',
    headers: ['Retry-After'],
  },
};
