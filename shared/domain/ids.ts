import { createHash } from 'node:crypto';

const sha256 = (text: string) => createHash('sha256').update(text).digest();

/** 26 letters of Crockford's base 32: 130 bits, so that no two requests ever share an id. */
const idOf = (prefix: string, ...parts: readonly string[]) => {
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
  let bits = BigInt(`0x${sha256(JSON.stringify(parts)).toString('hex')}`);
  let id = '';
  for (let letters = 0; letters < 26; letters += 1) {
    id += alphabet[Number(bits & 31n)];
    bits >>= 5n;
  }

  return `${prefix}_${id}`;
};

/** The same buyer and key give the same payment: two concurrent first tries meet in one item. */
export const paymentIdOf = (userId: string, key: string) => idOf('pay', userId, key);

export const orderIdOf = (userId: string, key: string) => idOf('ord', userId, key);

/** The same buyer, payment and key give the same refund. */
export const refundIdOf = (userId: string, paymentId: string, key: string) =>
  idOf('rfd', userId, paymentId, key);

/** The refund that a cancel brings about. It has one part more than any key makes, and so is out of reach of all. */
export const cancelRefundIdOf = (userId: string, paymentId: string) =>
  idOf('rfd', userId, paymentId, '', 'cancel');

/** The same version of the same payment or refund is reviewed once. */
export const reviewIdOf = (subject: string, version: number) =>
  idOf('rev', subject, String(version));

/** Of the reviews of what the gateway says otherwise than our books: the first of a payment, the second, and so on. */
export const differenceReviewIdOf = (paymentId: string, count: number) =>
  idOf('rev', paymentId, 'gateway-difference', String(count));

/** The refund that books what somebody refunded at the gateway, by the review that found it. Out of reach of any key of a client. */
export const bookedRefundIdOf = (paymentId: string, reviewId: string) =>
  idOf('rfd', '', paymentId, reviewId, 'gateway');

/** The event of a version of an item that cannot be built is reviewed once, apart from the review that the event may ask for. */
export const eventReviewIdOf = (subject: string, version: number) =>
  idOf('rev', subject, String(version), 'event');

/** Equal for bodies that differ only in key order and white space. */
export const requestHashOf = (body: unknown): string =>
  sha256(JSON.stringify(sorted(body))).toString('hex');

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;

  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
};

/** Sort keys of the compensation records, one a thing that is undone. */
export const compensationTarget = {
  stock: (sku: string) => `STOCK#${sku}`,
  balance: (userId: string) => `BALANCE#${userId}`,
  coupon: (couponId: string) => `COUPON#${couponId}`,
  order: (orderId: string) => `ORDER#${orderId}`,
};

/** What a target names; undefined for one that no step of ours writes. */
export const fromCompensationTarget = (target: string) => {
  const kinds = ['stock', 'balance', 'coupon', 'order'] as const;
  const of = kinds.find((kind) => target.startsWith(compensationTarget[kind]('')));

  return of && { of, id: target.slice(compensationTarget[of]('').length) };
};

export const pointsEntry = {
  total: 'TOTAL',
  payment: (paymentId: string) => `PAYMENT#${paymentId}`,
};

export const rankingEntry = {
  sku: (sku: string) => `SKU#${sku}`,
  event: (eventId: string) => `EVENT#${eventId}`,
};
