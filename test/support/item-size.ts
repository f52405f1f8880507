import { marshall } from '@aws-sdk/util-dynamodb';
import { sizeOf } from './dynamodb-item-size.ts';

const toAttributes = (item: object) => marshall(item, { removeUndefinedValues: true });

/** What an item counts for at DynamoDB, which takes none above 400 KB. */
export const dynamoItemSize = (item: object): number => sizeOf(toAttributes(item));

/** The same as it goes over the wire: always more. */
export const jsonItemSize = (item: object): number =>
  Buffer.byteLength(JSON.stringify(toAttributes(item)));
