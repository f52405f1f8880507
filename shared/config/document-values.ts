import { unmarshall as sdkUnmarshall } from '@aws-sdk/util-dynamodb';

/** A double keeps that many decimal digits whatever they are. */
const maxExactDigits = 15;

/**
 * A number attribute as a JavaScript number where that is what is stored, to the last digit; its text otherwise. DynamoDB keeps 38 digits.
 * The SDK by itself gives a BigInt, throws, or rounds: one such number would make a whole page unreadable or turn into an amount.
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

/** How every client of the service reads and writes items. A document client writes its own defaults into the options: each has its own. */
export const createDocumentOptions = () => ({
  marshallOptions: { removeUndefinedValues: true },
  unmarshallOptions: { wrapNumbers: parseStoredNumber },
});

/** The plain values of an item as it comes in a stream or in an error. */
export const unmarshallItem = (
  image: Parameters<typeof sdkUnmarshall>[0],
): Record<string, unknown> => sdkUnmarshall(image, { wrapNumbers: parseStoredNumber });
