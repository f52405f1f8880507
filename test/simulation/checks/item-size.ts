import { dynamoItemSize } from '../../support/item-size.ts';
import type { Check } from './check.ts';

const maxBytes = 100_000;

/**
 * An upper bound of DynamoDB's bytes for each character of the JSON: three for a character of UTF-8; the overhead
 * of elements and numbers is below that.
 */
const maxBytesPerCharacter = 3;

export const itemSize: Check = {
  name: 'item-size',
  property: 'No item is ever larger than 100 KB, by the rules of DynamoDB.',
  invariants: [9],
  onWrite: ({ table, after }) => {
    if (after === undefined) return [];
    // The exact size is expensive.
    if (JSON.stringify(after).length * maxBytesPerCharacter <= maxBytes) return [];
    const bytes = dynamoItemSize(after);

    return bytes > maxBytes ? [`an item of ${table} has ${bytes} bytes`] : [];
  },
};
