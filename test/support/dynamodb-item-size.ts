import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** An item in DynamoDB JSON. */
export type StoredItem = Readonly<Record<string, AttributeValue>>;

const overheadOfNesting = 3;
const overheadOfElement = 1;

/**
 * Size of an item in bytes: attribute names and values.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export const sizeOf = (item: StoredItem): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + bytes(name) + sizeOfValue(value), 0);

const bytes = (text: string) => Buffer.byteLength(text);

const sizeOfValue = (value: AttributeValue): number => {
  if (value.S !== undefined) return bytes(value.S);
  if (value.N !== undefined) return sizeOfNumber(value.N);
  if (value.B !== undefined) return value.B.length;
  if (value.BOOL !== undefined || value.NULL !== undefined) return 1;
  if (value.L !== undefined) {
    return value.L.reduce(
      (sum, element) => sum + overheadOfElement + sizeOfValue(element),
      overheadOfNesting,
    );
  }
  if (value.M !== undefined) {
    return Object.entries(value.M).reduce(
      (sum, [name, element]) => sum + overheadOfElement + bytes(name) + sizeOfValue(element),
      overheadOfNesting,
    );
  }
  throw new Error(`The size of this value is not known: ${JSON.stringify(value)}.`);
};

/** One byte for two significant digits, plus one; leading and trailing zeros do not count. */
const sizeOfNumber = (number: string): number => {
  const digits = number
    .replace(/e.*$/i, '')
    .replace(/[-.]/g, '')
    .replace(/^0+|0+$/g, '');

  return Math.ceil(digits.length / 2) + 1 + (number.startsWith('-') ? 1 : 0);
};
