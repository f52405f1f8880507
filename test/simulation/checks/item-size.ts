import { itemSizeOf } from '../../support/dynamodb-item-size.ts';
import { boundOf } from '../aws/dynamodb/values.ts';
import type { Check } from './check.ts';

const maxBytes = 100_000;

export const itemSize: Check = {
  name: 'item-size',
  property: 'No item is ever larger than 100 KB, by the rules of DynamoDB.',
  invariants: [9],
  onWrite: ({ table, after }) => {
    if (after === undefined) return [];
    // The exact size is expensive.
    if (boundOf(after) <= maxBytes) return [];
    const bytes = itemSizeOf(after);

    return bytes > maxBytes ? [`an item of ${table} has ${bytes} bytes`] : [];
  },
};
