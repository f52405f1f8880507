import { eventTravelMs } from './time.ts';

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

/**
 * The expiration of an item that has ended; nothing for any other buyer than the canary's. No consumer receives an event
 * of a deleted payment, except from a dead-letter queue.
 */
export const canaryExpirationOf = (userId: string, endedAt: string): Expiring =>
  userId === canaryBuyer
    ? { expiration: Math.ceil((Date.parse(endedAt) + eventTravelMs) / 1_000) }
    : {};
