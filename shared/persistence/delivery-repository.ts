import type { Database } from '../config/platform.ts';
import type { Clock } from '../domain/time.ts';
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
}

type NewDelivery = Omit<DeliveryRecord, 'deliveredAt'>;

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
     * event is sent again: `send` must pass a key by which the receiver recognises a duplicate.
     */
    async deliverOnce(delivery: NewDelivery, send: () => Promise<void>) {
      if (await isDelivered(delivery.eventId, delivery.consumer)) return 'duplicate';
      await send();
      await record({ ...delivery, deliveredAt: clock.now().toISOString() });

      return 'delivered';
    },
  };
};

export type DeliveryRepository = ReturnType<typeof createDeliveryRepository>;
