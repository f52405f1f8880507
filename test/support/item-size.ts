import { marshall } from '@aws-sdk/util-dynamodb';

/** Size of the item's JSON on the wire: always larger. */
export const jsonItemSize = (item: object): number =>
  Buffer.byteLength(JSON.stringify(marshall(item, { removeUndefinedValues: true })));
