import type { RunRecord } from '../run-record.ts';

/**
 * Whether the relay gave up a batch of this table. Its redrive rebuilds events from the items as they are then. An
 * order and the points of a payment keep no history of their events, so an event of an older version cannot be
 * built again. No effect depends on one: orders have no consumer, and points only inform the buyer.
 */
export const hasRelayGivenUp = (
  { deadLettered }: RunRecord,
  table: 'Orders' | 'LoyaltyPoints',
): boolean =>
  deadLettered.some(
    ({ body }) => body.includes('DDBStreamBatchInfo') && body.includes(`table/${table}/`),
  );
