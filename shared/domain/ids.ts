import { createHash } from 'node:crypto';

const sha256 = (text: string) => createHash('sha256').update(text).digest();

/** 26 letters of Crockford's base 32: 130 bits, so that no two requests ever share an id. */
const deriveId = (prefix: string, ...parts: readonly string[]) => {
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
export const derivePaymentId = (userId: string, key: string) => deriveId('pay', userId, key);

export const deriveOrderId = (userId: string, key: string) => deriveId('ord', userId, key);

/** The same buyer, payment and key give the same refund. */
export const deriveRefundId = (userId: string, paymentId: string, key: string) =>
  deriveId('rfd', userId, paymentId, key);

/** The refund that a cancel brings about. It has one part more than any key makes, and so is out of reach of all. */
export const deriveCancellationRefundId = (userId: string, paymentId: string) =>
  deriveId('rfd', userId, paymentId, '', 'cancel');

/** The same version of the same payment or refund is reviewed once. */
export const deriveReviewId = (subject: string, version: number) =>
  deriveId('rev', subject, String(version));

/** Of the reviews of what the gateway says otherwise than our books: the first of a payment, the second, and so on. */
export const deriveDifferenceReviewId = (paymentId: string, count: number) =>
  deriveId('rev', paymentId, 'gateway-difference', String(count));

/** The refund that books what somebody refunded at the gateway, by the review that found it. Out of reach of any key of a client. */
export const deriveExternalRefundId = (paymentId: string, reviewId: string) =>
  deriveId('rfd', '', paymentId, reviewId, 'gateway');

/** The event of a version of an item that cannot be built is reviewed once, apart from the review that the event may ask for. */
export const deriveEventReviewId = (subject: string, version: number) =>
  deriveId('rev', subject, String(version), 'event');

/** Equal for bodies that differ only in key order and white space. */
export const requestHashOf = (body: unknown): string =>
  sha256(JSON.stringify(sortKeys(body))).toString('hex');

const sortKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== 'object') return value;

  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sortKeys(part)]),
  );
};
