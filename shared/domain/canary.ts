import { dayMs } from './time.ts';

/** The buyer of the canary orders. Where the canary runs, no external consumer receives an event of this buyer. */
export const canaryBuyer = 'aftercommit-canary';

/** The product of the canary orders. It costs nothing. */
export const canarySku = 'aftercommit-canary';

/** Whether a buyer may order a product: the canary's buyer only the canary's product, and no other buyer that one. */
export const isSoldTo = (userId: string, sku: string): boolean =>
  (userId === canaryBuyer) === (sku === canarySku);

/** When DynamoDB deletes an item. */
export interface Expiring {
  /** Seconds since the epoch. Only items of the canary have it. */
  readonly expiration?: number;
}

/** Longer than an event takes through stream, bus and queue, so that no consumer receives one of a deleted payment. */
const retentionMs = 6 * dayMs;

/** The expiration of an item that has ended; nothing for any other buyer than the canary's. */
export const canaryExpirationOf = (userId: string, endedAt: string): Expiring =>
  userId === canaryBuyer
    ? { expiration: Math.ceil((Date.parse(endedAt) + retentionMs) / 1_000) }
    : {};
