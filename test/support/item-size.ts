import { marshall } from '@aws-sdk/util-dynamodb';
import { sizeOf } from './dynamodb-item-size.ts';

const toAttributes = (item: object) => marshall(item, { removeUndefinedValues: true });

/** Size of an item by DynamoDB's rules, which allow 400 KB. */
export const dynamoItemSize = (item: object): number => sizeOf(toAttributes(item));

/** Size of the item's JSON on the wire: always larger. */
export const jsonItemSize = (item: object): number =>
  Buffer.byteLength(JSON.stringify(toAttributes(item)));
