import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { unmarshallItem } from '../config/document-values.ts';
import type { DomainEvent } from '../domain/events/domain-event.ts';
import { publishedEventOfChange, type StreamChange } from '../domain/outbox/outbox-event.ts';
import { pointsEntry } from './dynamodb/keys.ts';

/** The names of the key attributes of the relayed tables. */
export const keyAttributes: Readonly<Record<StreamChange['of'], readonly string[]>> = {
  payment: ['paymentId'],
  refund: ['refundId'],
  order: ['orderId'],
  points: ['userId', 'entry'],
};

const joinNames = (names: readonly string[]): string => names.toSorted().join();

const entityTypeByKey: ReadonlyMap<string, StreamChange['of']> = new Map(
  (Object.keys(keyAttributes) as StreamChange['of'][]).map((of) => [
    joinNames(keyAttributes[of]),
    of,
  ]),
);

/** The entity type of a key; undefined if its table is not relayed. */
export const entityTypeOf = (keys: object): StreamChange['of'] | undefined =>
  entityTypeByKey.get(joinNames(Object.keys(keys)));

/**
 * The change in a stream record; undefined for a deleted item and for a total of points, which an earlier
 * version writes during a deployment. Throws if the record has no id or its table is not relayed.
 */
export const parseStreamRecord = ({
  eventID,
  dynamodb = {},
}: DynamoDBRecord): StreamChange | undefined => {
  const { Keys, OldImage, NewImage } = dynamodb;
  if (!eventID) throw new Error('Stream record without eventID.');
  const keys = unmarshallImage(Keys) ?? {};
  const of = entityTypeOf(keys);
  if (of === undefined) throw new Error('Stream record of a table that is not relayed.');
  if (NewImage === undefined || keys.entry === pointsEntry.total) return undefined;

  return { of, before: unmarshallImage(OldImage), after: unmarshallImage(NewImage) };
};

/**
 * The event of a stream record, if it has one that is published: the relay and a redrive build the same. Throws as
 * `parseStreamRecord` and `publishedEventOfChange`.
 */
export const publishedEventOfRecord = (record: DynamoDBRecord): DomainEvent | undefined => {
  const change = parseStreamRecord(record);

  return change && publishedEventOfChange(change);
};

const unmarshallImage = (image: object | undefined) =>
  image === undefined ? undefined : unmarshallItem(image as Record<string, AttributeValue>);

/** The position of a stream record: enough to read its item again, and nothing of the item's content. */
export const recordPointerOf = ({ eventID, eventSourceARN, dynamodb }: DynamoDBRecord) => ({
  table: eventSourceARN?.split('/')[1],
  stream: eventSourceARN,
  eventId: eventID,
  sequenceNumber: dynamodb?.SequenceNumber,
  keys: dynamodb?.Keys,
});
