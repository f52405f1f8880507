import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../domain/time.ts';
import { putIfAbsent } from './dynamodb/expressions.ts';
import { getItem } from './dynamodb/get-item.ts';
import { writeItem } from './dynamodb/write-item.ts';

/** One event that one listener has handed to the system outside. */
export interface DeliveryRecord {
  readonly eventId: string;
  readonly consumer: string;
  readonly paymentId: string;
  /** ISO 8601. */
  readonly deliveredAt: string;
}

type NewDelivery = Omit<DeliveryRecord, 'deliveredAt'>;

/** Whether a listener has handed an event to the system outside. */
export const createIsDelivered =
  (db: DynamoDBDocumentClient, table: string) =>
  async (eventId: string, consumer: string): Promise<boolean> => {
    return (await getItem(db, table, { eventId, consumer })) !== undefined;
  };

/** What has left the service. A delivery is recorded after it succeeded, never before. */
export const createDeliveryRepository = (
  db: DynamoDBDocumentClient,
  table: string,
  clock: Clock,
) => {
  const isDelivered = createIsDelivered(db, table);

  const record = async (delivery: DeliveryRecord): Promise<void> => {
    // Refused, two copies of one event were sent at the same time; the receiver's idempotency key makes them one.
    await writeItem(db, putIfAbsent({ table, item: delivery, id: 'eventId' }));
  };

  return {
    /**
     * Sends what is not on record as delivered, and records it. Where the record was lost after the sending, it is sent again:
     * `send` must carry a key that the receiver knows it by.
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
