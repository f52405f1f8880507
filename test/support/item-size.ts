import { marshall } from '@aws-sdk/util-dynamodb';
import { sizeOf } from './dynamodb-item-size.ts';

const stored = (item: object) => marshall(item, { removeUndefinedValues: true });

/** What an item counts for at DynamoDB, which takes none above 400 KB. */
export const sizeAtDynamo = (item: object): number => sizeOf(stored(item));

/** The same as it goes over the wire: always more. */
export const sizeAsJson = (item: object): number => Buffer.byteLength(JSON.stringify(stored(item)));
