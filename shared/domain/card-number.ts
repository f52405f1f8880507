import { Refusal, type RefusalDetail } from './errors.ts';

/** Refuses a card number without repeating it. */
export const cardNumberRefused = (errors: readonly RefusalDetail[] = []): Refusal =>
  new Refusal({
    code: 'card-number-refused',
    detail:
      'This looks like a card number, which is never taken. Send a token of the payment gateway.',
    ...(errors.length > 0 && { errors }),
  });

/**
 * For a name that is looked up, once it was not found: catalogues have numbers of their own, such as those of bar codes, and one in ten of
 * them passes the check.
 */
export const refuseCardNumberIn = (names: readonly string[]): void => {
  if (names.some(hasCardNumber)) throw cardNumberRefused();
};

/**
 * Whether a text has a payment card's number: 12 to 19 digits that pass Luhn's check, in any script, whole or in groups.
 *
 * One number in ten passes the check by chance. What is recognizably something else is left out: a UUID, a date, and a time written in 14
 * digits. Our own ids have too few digits in a row.
 */
export const hasCardNumber = (text: string): boolean =>
  [...inAsciiDigits(text).replaceAll(knownForms, 'x').matchAll(groupedDigits)].some(([run]) =>
    hasCardIn(run.match(/\d+/g) ?? []),
  );

const minDigits = 12;
const maxDigits = 19;

const uuid = '\\b[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}\\b';
const year = '(?:19|20)\\d\\d';
const month = '(?:0[1-9]|1[0-2])';
const day = '(?:0[1-9]|[12]\\d|3[01])';
const date = `(?<!\\d)${year}([-./])${month}\\1${day}(?!\\d)`;
const moment = `(?<!\\d)${year}${month}${day}(?:[01]\\d|2[0-3])[0-5]\\d[0-5]\\d(?!\\d)`;
const knownForms = new RegExp([uuid, date, moment].join('|'), 'gi');

/** Digits with up to three separators between them: white space, dashes, dots, slashes, underscores, and what cannot be seen. */
const groupedDigits = /\d(?:[\s\p{Zs}\p{Pd}\p{Cf}\u2212.\u00b7\u2022\u30fb/_]{0,3}\d)*/gu;

/** Full-width and other compatible forms first; the digits of another script follow each other from its zero. */
const inAsciiDigits = (text: string): string =>
  text.normalize('NFKC').replaceAll(/\p{Nd}/gu, (digit) => String(numberOf(digit)));

const isDigit = (codePoint: number) => /\p{Nd}/u.test(String.fromCodePoint(codePoint));

const numberOf = (digit: string): number => {
  const codePoint = digit.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && isDigit(codePoint - value - 1)) value += 1;

  return value;
};

/** Looks at each sequence of whole groups: another number may stand beside the card's. */
const hasCardIn = (groups: readonly string[]): boolean =>
  groups.some((_, from) => {
    let digits = '';
    // Ends after 19 digits, however long the text is.
    for (let at = from; at < groups.length; at += 1) {
      digits += groups[at];
      if (digits.length > maxDigits) return false;
      if (digits.length >= minDigits && passesLuhn(digits)) return true;
    }

    return false;
  });

/** Of the digits from the right, each second one counts double, and of a double the sum of its digits. */
const passesLuhn = (digits: string): boolean => {
  const sum = [...digits]
    .toReversed()
    .map((digit, place) => Number(digit) * (place % 2 === 0 ? 1 : 2))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0);

  return sum % 10 === 0;
};
