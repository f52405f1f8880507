import { hash } from 'node:crypto';

const sha256 = (text: string) => hash('sha256', text, 'buffer');

/** Crockford's base 32. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const idLetters = 26;

/** The regular expression of an id that is derived here. */
export const idPattern = `[a-z]{3}_[${alphabet}]{${idLetters}}`;

/** An id of 130 bits, derived from the parts. */
const deriveId = (prefix: string, ...parts: readonly string[]) => {
  let bits = BigInt(`0x${sha256(JSON.stringify(parts)).toString('hex')}`);
  let id = '';
  for (let letters = 0; letters < idLetters; letters += 1) {
    id += alphabet[Number(bits & 31n)];
    bits >>= 5n;
  }

  return `${prefix}_${id}`;
};

/** Deterministic: concurrent first requests with one key write the same item. */
export const derivePaymentId = (userId: string, key: string) => deriveId('pay', userId, key);

export const deriveOrderId = (userId: string, key: string) => deriveId('ord', userId, key);

/** Deterministic, like a payment id. */
export const deriveRefundId = (userId: string, paymentId: string, key: string) =>
  deriveId('rfd', userId, paymentId, key);

/** The confirmation of a payment, one per key of its buyer. */
export const deriveConfirmationId = (userId: string, paymentId: string, key: string) =>
  deriveId('cnf', userId, paymentId, key);

/** A refund that an operator requests. One more part than a buyer's, so no key of a buyer can derive it. */
export const deriveOperatorRefundId = (operator: string, paymentId: string, key: string) =>
  deriveId('rfd', operator, paymentId, key, 'operator');

/** The refund of a cancellation. One more part than a client's refund, so no client key can derive it. */
export const deriveCancellationRefundId = (userId: string, paymentId: string) =>
  deriveId('rfd', userId, paymentId, '', 'cancel');

/** One review per version of a payment or refund. */
export const deriveReviewId = (subject: string, version: number) =>
  deriveId('rev', subject, String(version));

/** The reviews of gateway differences of one payment, counted. */
export const deriveDifferenceReviewId = (paymentId: string, count: number) =>
  deriveId('rev', paymentId, 'gateway-difference', String(count));

/** The review of a dispute while it is open, and the one of its loss. */
export const deriveDisputeReviewId = (
  paymentId: string,
  disputeId: string,
  code: 'disputed' | 'dispute-lost',
) => deriveId('rev', paymentId, disputeId, code);

/** The refund that records a refund made at the gateway, one per review. No client key can derive it. */
export const deriveExternalRefundId = (paymentId: string, reviewId: string) =>
  deriveId('rfd', '', paymentId, reviewId, 'gateway');

/**
 * The review of an event that cannot be built. Differs from the id of the review that the event itself may
 * open.
 */
export const deriveEventReviewId = (subject: string, version: number) =>
  deriveId('rev', subject, String(version), 'event');

/** SHA-256 of the canonical JSON: independent of key order and white space. */
const canonicalHash = (value: unknown) => sha256(JSON.stringify(sortKeys(value)));

export const requestHashOf = (body: unknown): string => canonicalHash(body).toString('hex');

/**
 * The hash of a content that clients send back. In base64url: of hexadecimal ones, one in 134 has digits in a
 * row that are refused as a card number.
 */
export const contentHashOf = (content: unknown): string =>
  canonicalHash(content).toString('base64url');

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
