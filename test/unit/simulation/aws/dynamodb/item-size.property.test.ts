import { marshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundOf, toStored } from '../../../../simulation/aws/dynamodb/values.ts';
import { itemSizeOf, sizeOf } from '../../../../support/dynamodb-item-size.ts';

/** The SDK's `marshall` loses an attribute called `__proto__`. */
const anyName = fc.string().filter((name) => name !== '__proto__');

const anyValue = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(true, null, undefined, 0, 10, -1, 1.5, 1e-9, Number.MAX_SAFE_INTEGER),
    fc.string({ unit: 'grapheme' }),
    fc.integer(),
    fc.array(tie('value')),
    fc.dictionary(anyName, tie('value'), { noNullPrototype: true }),
  ),
})).value;

const anyItem = fc.dictionary(anyName, anyValue, { noNullPrototype: true });

describe('size of an item', () => {
  it('is the size of its DynamoDB JSON', () => {
    fc.assert(
      fc.property(anyItem, (item) => {
        expect(itemSizeOf(item)).toBe(sizeOf(marshall(item, { removeUndefinedValues: true })));
      }),
    );
  });

  it('is never above its bound', () => {
    fc.assert(
      fc.property(anyItem, (item) => {
        const stored = toStored(item);

        expect(itemSizeOf(stored)).toBeLessThanOrEqual(boundOf(stored));
      }),
    );
  });
});
