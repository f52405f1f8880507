import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../domain/clock.ts';
import { putNew } from './dynamodb/expressions.ts';
import { writeItem } from './dynamodb/write-item.ts';

/** One event that one listener has handed to the system outside. */
export interface Delivery {
  readonly eventId: string;
  readonly listener: string;
  readonly paymentId: string;
  /** ISO 8601. */
  readonly deliveredAt: string;
}

type Parcel = Omit<Delivery, 'deliveredAt'>;

/** Whether a listener has handed an event to the system outside. */
export const isDeliveredIn =
  (db: DynamoDBDocumentClient, table: string) =>
  async (eventId: string, listener: string): Promise<boolean> => {
    const { Item } = await db.send(
      new GetCommand({ TableName: table, Key: { eventId, listener }, ConsistentRead: true }),
    );

    return Item !== undefined;
  };

/** What has left the service. A delivery is recorded after it succeeded, never before. */
export const deliveriesIn = (db: DynamoDBDocumentClient, table: string, clock: Clock) => {
  const isDelivered = isDeliveredIn(db, table);

  const record = async (delivery: Delivery): Promise<void> => {
    // Refused, two copies of one event were sent at the same time; the receiver's idempotency key makes them one.
    await writeItem(db, putNew({ table, item: delivery, id: 'eventId' }));
  };

  return {
    /**
     * Sends what is not on record as delivered, and records it. Where the record was lost after the sending, it is sent again:
     * `send` must carry a key that the receiver knows it by.
     */
    async once(parcel: Parcel, send: () => Promise<void>) {
      if (await isDelivered(parcel.eventId, parcel.listener)) return 'delivered before';
      await send();
      await record({ ...parcel, deliveredAt: clock.now().toISOString() });

      return 'delivered';
    },
  };
};

export type Deliveries = ReturnType<typeof deliveriesIn>;
