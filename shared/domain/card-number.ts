import { type RejectionDetail, RejectionError } from './errors.ts';
import { idPattern } from './ids.ts';

/** The rejection of a card number. It does not repeat the number. */
export const cardNumberRejection = (errors: readonly RejectionDetail[] = []): RejectionError =>
  new RejectionError({
    code: 'card-number-refused',
    detail:
      'This looks like a card number, which is not accepted. Send a token of the payment gateway.',
    ...(errors.length > 0 && { errors }),
  });

/**
 * Rejects values that contain a card number. Call it only for a name that was not found: SKUs may be bar
 * codes, and one in ten of those passes Luhn's check.
 */
export const rejectCardNumbers = (values: readonly string[]): void => {
  if (values.some(hasCardNumber)) throw cardNumberRejection();
};

/**
 * Whether a text contains a card number: one run of 12 to 19 digits, in any script, that pass Luhn's check;
 * or the same in groups, if the groups, the first digits and the length match a card scheme.
 *
 * One number in ten passes the check by chance. Known other formats are excluded: this service's own ids, UUIDs,
 * dates, compact timestamps, and parts of a longer row of groups, such as ticket numbers.
 */
export const hasCardNumber = (text: string): boolean => {
  const plain = toAsciiDigits(text)
    .replaceAll(invisibleCharacters, '')
    .replaceAll(/\s*\n\s*/g, '\n')
    .replaceAll(/[^\S\n]+/g, ' ')
    .replaceAll(nonCardFormats, 'x');

  return (
    [...plain.matchAll(/\d+/g)].some(([run]) => /^\d{12,19}$/.test(run) && passesLuhn(run)) ||
    [...plain.matchAll(digitGroups)].some(([row]) => hasGroupedCard(row))
  );
};

/** Combining marks and invisible characters. They do not separate digits. */
const invisibleCharacters = /[\p{M}\p{Cf}\p{DI}]|(?!\s)\p{Cc}/gu;

const year = '(?:19|20)\\d\\d';
const month = '(?:0[1-9]|1[0-2])';
const day = '(?:0[1-9]|[12]\\d|3[01])';
const time = '(?:[01]\\d|2[0-3])[0-5]\\d';
const nonCardFormats = new RegExp(
  [
    // One id in 300,000 has twelve digits in a row that pass Luhn's check.
    `(?<![a-z\\d])${idPattern}(?![a-z\\d])`,
    '(?<![\\da-f])[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}(?![\\da-f])',
    '(?<![\\da-f])[\\da-f]{32}(?![\\da-f])',
    ...[
      `${year}([-./])${month}\\1${day}`,
      `${day}([-./])${month}\\2${year}`,
      `${month}([-./])${day}\\3${year}`,
      `${month}/${year}`,
      `${year}${month}${day}`,
      `${day}${month}${year}`,
      `${month}${day}${year}`,
      // Seconds, fractions, or the digits after the time in a key of Toss Payments. No card scheme begins
      // like this.
      `${year}${month}${day}${time}(?:[0-5]\\d\\d{0,5})?`,
    ].map((form) => `(?<!\\d)${form}(?!\\d)`),
  ].join('|'),
  'gi',
);

/** Groups of digits, separated by one to four characters that are neither letters nor digits. */
const digitGroups = /\d+(?:[^\p{L}\p{N}]{1,4}\d+)+/gu;

/**
 * Group lengths of written card numbers: fours with a remainder, American Express, Diners Club, single
 * digits, and others.
 */
const cardGroupings =
  /^(?:4-4-4(?:-4)?(?:-[1-4])?|4-6-[45]|4-5-6|4-3-3-3|6-13|8-8|(?:1-){11,18}1)$/;

/**
 * First digits and lengths: American Express, Diners Club, JCB, Visa, Mastercard, Maestro and UnionPay, Mir,
 * RuPay, Korean domestic cards.
 */
const cardSchemes = new RegExp(
  [
    '3[47]\\d{13}',
    '3[0689]\\d{12,17}',
    '35\\d{14,17}',
    '4\\d{12}(?:\\d{3}){0,2}',
    '5[1-5]\\d{14}',
    '(?:222[1-9]|22[3-9]\\d|2[3-6]\\d\\d|27[01]\\d|2720)\\d{12}',
    '(?:5[06-9]|6\\d)\\d{10,17}',
    '220[0-4]\\d{12,15}',
    '8[12]\\d{14,17}',
    '9\\d{15}',
  ]
    .map((form) => `^${form}$`)
    .join('|'),
);

/**
 * Converts full-width and other compatible forms, then the digits of other scripts, which are consecutive
 * code points.
 */
const toAsciiDigits = (text: string): string =>
  text.normalize('NFKC').replaceAll(/\p{Nd}/gu, (digit) => String(digitValue(digit)));

const isDigit = (codePoint: number) => /\p{Nd}/u.test(String.fromCodePoint(codePoint));

const digitValue = (digit: string): number => {
  const codePoint = digit.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && isDigit(codePoint - value - 1)) value += 1;

  return value;
};

/** Checks every sequence of whole groups, because another number may precede or follow the card number. */
const hasGroupedCard = (row: string): boolean => {
  const groups = row.match(/\d+/g) ?? [];
  const separators = row.match(/\D+/g) ?? [];
  /** Whether the groups on both sides of a separator belong to one number. */
  const isJoined = (at: number, inner: readonly string[]) =>
    groups[at]?.length === groups[at + 1]?.length && inner.includes(separators[at] ?? '');
  // An expiry date, MMYY, may follow the number.
  const isExpiry = (at: number) =>
    at === groups.length - 1 && new RegExp(`^${month}\\d\\d$`).test(groups[at] ?? '');

  const isCard = (from: number, to: number) => {
    const digits = groups.slice(from, to).join('');
    const inner = separators.slice(from, to - 1);

    return (
      cardSchemes.test(digits) &&
      passesLuhn(digits) &&
      !isJoined(from - 1, inner) &&
      (!isJoined(to - 1, inner) || isExpiry(to))
    );
  };

  return groups.some((_, from) => {
    let lengths = `${groups[from]?.length}`;
    // Limits the work on long rows.
    for (let to = from + 2; to <= Math.min(groups.length, from + maxGroups); to += 1) {
      lengths += `-${groups[to - 1]?.length}`;
      if (cardGroupings.test(lengths) && isCard(from, to)) return true;
    }

    return false;
  });
};

const maxGroups = 19;

/** Luhn's check. */
const passesLuhn = (digits: string): boolean => {
  const sum = [...digits]
    .toReversed()
    .map((digit, place) => Number(digit) * (place % 2 === 0 ? 1 : 2))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0);

  return sum % 10 === 0;
};
