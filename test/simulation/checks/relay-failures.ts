import type { RunRecord } from '../run-record.ts';

/**
 * Whether the relay gave up a batch of orders. Its redrive rebuilds events from the items as they are then. An order
 * keeps no history of its events, so an event of an older version cannot be built again. Nothing consumes it.
 */
export const hasRelayGivenUpOrders = ({ deadLettered }: RunRecord): boolean =>
  deadLettered.some(
    ({ body }) => body.includes('DDBStreamBatchInfo') && body.includes('table/Orders/'),
  );
