import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { convertToAttr, convertToNative } from '@aws-sdk/util-dynamodb';

/** Decimal digits that a double always represents exactly. */
const maxExactDigits = 15;

/**
 * Converts a DynamoDB number (up to 38 digits) to a JavaScript number if that is exact; otherwise returns its
 * text. The SDK would return a BigInt, throw or round: one such number would fail a whole page, or change an
 * amount.
 */
export const parseStoredNumber = (text: string): number | string => {
  const number = Number(text);
  if (Number.isSafeInteger(number)) {
    const [significand = ''] = text.split(/e/i);
    const isExact =
      /^-?\d+$/.test(text) || significand.replaceAll(/\D/g, '').length <= maxExactDigits;

    return isExact ? number : text;
  }

  return Number.isInteger(number) || !Number.isFinite(number) ? text : number;
};

const marshallOptions = { removeUndefinedValues: true };
const unmarshallOptions = { wrapNumbers: parseStoredNumber };

/**
 * Creates the options of a document client. Each client needs its own object, because it writes its defaults
 * into it.
 */
export const createDocumentOptions = () => ({
  marshallOptions: { ...marshallOptions },
  unmarshallOptions: { ...unmarshallOptions },
});

/**
 * Converts plain values to an item, without its undefined values and functions, exactly as the SDK's document
 * client does.
 */
export const marshallItem = (
  item: Readonly<Record<string, unknown>>,
): Record<string, AttributeValue> => {
  const marshalled: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(item)) {
    if (value !== undefined && typeof value !== 'function')
      marshalled[name] = convertToAttr(value, marshallOptions);
  }

  return marshalled;
};

/** Converts an item to plain values, exactly as the SDK's document client does. */
export const unmarshallItem = (
  item: Readonly<Record<string, AttributeValue>>,
): Record<string, unknown> => {
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(item)) {
    // The SDK's deserializer leaves a field called __proto__ without a value.
    if (value !== undefined) values[name] = convertToNative(value, unmarshallOptions);
  }

  return values;
};
