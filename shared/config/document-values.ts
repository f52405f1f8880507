import { unmarshall as sdkUnmarshall } from '@aws-sdk/util-dynamodb';

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

/**
 * Creates the options of a document client. Each client needs its own object, because it writes its defaults
 * into it.
 */
export const createDocumentOptions = () => ({
  marshallOptions: { removeUndefinedValues: true },
  unmarshallOptions: { wrapNumbers: parseStoredNumber },
});

/** Converts an item of a stream record or an error to plain values. */
export const unmarshallItem = (
  image: Parameters<typeof sdkUnmarshall>[0],
): Record<string, unknown> => sdkUnmarshall(image, { wrapNumbers: parseStoredNumber });
