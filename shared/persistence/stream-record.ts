import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { unmarshallItem } from '../config/document-values.ts';
import type { StreamChange } from '../domain/outbox/outbox-event.ts';
import { pointsEntry } from './dynamodb/keys.ts';

/** What a table's items are, by the names of its key. */
const entityTypeByKey: ReadonlyMap<string, StreamChange['of']> = new Map([
  ['paymentId', 'payment'],
  ['refundId', 'refund'],
  ['orderId', 'order'],
  ['entry,userId', 'earning'],
]);

/** Which kind of item has this key; none, where it is of no table that is relayed. */
export const entityTypeOf = (keys: object): StreamChange['of'] | undefined =>
  entityTypeByKey.get(Object.keys(keys).sort().join());

/** The change that a stream record tells; none where an item is gone, or is a sum of others. Throws for a table that it does not know. */
export const parseStreamRecord = ({
  eventID,
  dynamodb = {},
}: DynamoDBRecord): StreamChange | undefined => {
  const { Keys, OldImage, NewImage } = dynamodb;
  if (!eventID) throw new Error('The record has no id.');
  const keys = unmarshallImage(Keys) ?? {};
  const of = entityTypeOf(keys);
  if (of === undefined) throw new Error('The record has the key of no table that is relayed.');
  if (NewImage === undefined || keys.entry === pointsEntry.total) return undefined;

  return { of, before: unmarshallImage(OldImage), after: unmarshallImage(NewImage) };
};

const unmarshallImage = (image: object | undefined) =>
  image === undefined ? undefined : unmarshallItem(image as Record<string, AttributeValue>);

/** Where a stream record stands: enough to find it again, and nothing of what is in it. */
export const recordPointerOf = ({ eventID, eventSourceARN, dynamodb }: DynamoDBRecord) => ({
  table: eventSourceARN?.split('/')[1],
  stream: eventSourceARN,
  eventId: eventID,
  sequenceNumber: dynamodb?.SequenceNumber,
  keys: dynamodb?.Keys,
});
