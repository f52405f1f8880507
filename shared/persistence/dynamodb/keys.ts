import { hash } from 'node:crypto';

/**
 * Sort keys of the loyalty points table: what one payment earned, and a buyer's total, which an earlier version
 * of the service stored and no code reads.
 */
export const pointsEntry = {
  total: 'TOTAL',
  payment: (paymentId: string) => `PAYMENT#${paymentId}`,
};

/** The prefix of the counts in the rankings table. */
export const countPrefix = 'SKU#';

/** The partitions of the counts of one day. Their number only grows: the counts of a past day stay where they are. */
const dayShards = 16;

const dayKey = (day: string, shard: number) => `${day}#${shard}`;

/** All partitions with counts of a day. An earlier version of the service had one, with the markers. */
export const dayPartitions = (day: string): readonly string[] => [
  day,
  ...Array.from({ length: dayShards }, (_, shard) => dayKey(day, shard)),
];

const markerEntry = (eventId: string) => `EVENT#${eventId}`;

/** Keys of the rankings table. */
export const rankingKey = {
  /** The units of a product on a day, or those of one of its stock items. */
  count: (day: string, stockItem: string) => ({
    day: dayKey(day, hash('sha256', stockItem, 'buffer').readUInt32BE() % dayShards),
    entry: `${countPrefix}${stockItem}`,
  }),
  /** The marker of an event that is counted. */
  marker: (eventId: string) => ({ day: markerEntry(eventId), entry: markerEntry(eventId) }),
  /** The marker of an event that an earlier version has counted on a day. */
  earlierMarker: (eventId: string, day: string) => ({ day, entry: markerEntry(eventId) }),
};
