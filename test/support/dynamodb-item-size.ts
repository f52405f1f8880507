import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { NumberValueImpl, unmarshall } from '@aws-sdk/util-dynamodb';

/** An item in DynamoDB JSON. */
export type StoredItem = Readonly<Record<string, AttributeValue>>;

/** Size in bytes of an item in DynamoDB JSON. */
export const sizeOf = (item: StoredItem): number =>
  itemSizeOf(unmarshall(item, { wrapNumbers: true }));

/**
 * Size of an item in bytes as DynamoDB counts it: attribute names and values, without undefined members.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export const itemSizeOf = (item: object): number => sizeOfMembers(item, 0);

const overheadOfNesting = 3;
const overheadOfElement = 1;

const sizeOfMembers = (map: object, overhead: number): number => {
  let size = 0;
  for (const [name, value] of Object.entries(map)) {
    if (value !== undefined) size += overhead + Buffer.byteLength(name) + sizeOfValue(value);
  }

  return size;
};

const sizeOfValue = (value: unknown): number => {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof NumberValueImpl) {
    return sizeOfNumber(`${value}`);
  }
  if (typeof value !== 'object' || value === null) return 1;
  if (value instanceof Uint8Array) return value.length;
  if (value instanceof Set) throw new Error('The size of a set is not known.');
  if (Array.isArray(value)) {
    return value.reduce<number>(
      (sum, element) =>
        element === undefined ? sum : sum + overheadOfElement + sizeOfValue(element),
      overheadOfNesting,
    );
  }

  return overheadOfNesting + sizeOfMembers(value, overheadOfElement);
};

/** One byte for two significant digits, plus one; leading and trailing zeros do not count. */
const sizeOfNumber = (number: string): number => {
  const digits = number
    .replace(/e.*$/i, '')
    .replace(/[-.]/g, '')
    .replace(/^0+|0+$/g, '');

  return Math.ceil(digits.length / 2) + 1 + (number.startsWith('-') ? 1 : 0);
};
