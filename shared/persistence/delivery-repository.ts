import type { Database } from '../config/platform.ts';
import { type Clock, dayMs } from '../domain/time.ts';
import { putIfAbsent } from './dynamodb/expressions.ts';
import { getItem } from './dynamodb/get-item.ts';
import { writeItem } from './dynamodb/write-item.ts';

/** An event that a consumer has delivered to an external system. */
export interface DeliveryRecord {
  readonly eventId: string;
  readonly consumer: string;
  readonly paymentId: string;
  /** ISO 8601. */
  readonly deliveredAt: string;
  /** When DynamoDB may delete it, in seconds since the epoch. Absent from a record of an earlier version. */
  readonly expiration?: number;
}

interface NewDelivery extends Pick<DeliveryRecord, 'eventId' | 'consumer' | 'paymentId'> {
  /** The `time` of the event. ISO 8601. */
  readonly eventTime: string;
}

/** How old an event may be. The copies of an event arrive within it, by any number of redrives. */
const maxEventAgeMs = 400 * dayMs;
/** DynamoDB deletes an expired record some time after its expiry, never before it. The day is for the clocks. */
const recordLifetimeMs = maxEventAgeMs + dayMs;

/** Whether an event is too old to be delivered: its record may be deleted already. */
export const isTooOldToDeliver = (eventTime: string, at: Date): boolean =>
  at.getTime() - Date.parse(eventTime) > maxEventAgeMs;

/** The record of a delivery at a time. */
export const deliveryRecordOf = (
  { eventTime, ...delivery }: NewDelivery,
  at: Date,
): DeliveryRecord => ({
  ...delivery,
  deliveredAt: at.toISOString(),
  expiration: Math.ceil((Date.parse(eventTime) + recordLifetimeMs) / 1_000),
});

/** Whether a consumer has delivered an event to its external system. */
export const createIsDelivered =
  (db: Database, table: string) =>
  async (eventId: string, consumer: string): Promise<boolean> => {
    return (await getItem(db, table, { eventId, consumer })) !== undefined;
  };

/** The deliveries to external systems. A delivery is recorded after it succeeded, never before. */
export const createDeliveryRepository = (db: Database, table: string, clock: Clock) => {
  const isDelivered = createIsDelivered(db, table);

  const record = async (delivery: DeliveryRecord): Promise<void> => {
    // If a record exists, two copies of the event were sent concurrently. The receiver drops the duplicate by
    // its idempotency key.
    await writeItem(db, putIfAbsent({ table, item: delivery, id: 'eventId' }));
  };

  return {
    /** The result of the delivery that wrote the record of an event; undefined if there is no record. */
    async findResult({ eventId, consumer }: Pick<NewDelivery, 'eventId' | 'consumer'>) {
      return (await isDelivered(eventId, consumer)) ? { outcome: 'delivered' } : undefined;
    },

    /**
     * Sends an event that has no delivery record, then records it. If the record could not be written, the
     * event is sent again: `send` must pass a key by which the receiver recognises a duplicate. Returns `too-old`
     * and sends nothing for an event of more than 400 days ago, because its record may be deleted.
     */
    async deliverOnce(delivery: NewDelivery, send: () => Promise<void>) {
      if (await isDelivered(delivery.eventId, delivery.consumer)) return 'duplicate';
      if (isTooOldToDeliver(delivery.eventTime, clock.now())) return 'too-old';
      await send();
      await record(deliveryRecordOf(delivery, clock.now()));

      return 'delivered';
    },
  };
};

export type DeliveryRepository = ReturnType<typeof createDeliveryRepository>;
