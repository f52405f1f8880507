import { cardNumberRejection, hasCardNumber } from '../domain/card-number.ts';
import { type RejectionDetail, RejectionError } from '../domain/errors.ts';
import { parseJson } from '../domain/json.ts';
import { type JsonString, visitStrings } from './json-strings.ts';

/** Limits the errors of one response: a body can have thousands. */
const maxErrors = 100;

/** Throws invalid-request with the location of each error. */
export const throwInvalidRequest = (errors: readonly RejectionDetail[]): never => {
  throw new RejectionError({
    code: 'invalid-request',
    detail: 'The request is invalid.',
    errors: errors.slice(0, maxErrors),
  });
};

/** Rejects a body that its headers do not declare as JSON in UTF-8, uncompressed (RFC 8259). */
export const assertJsonContentType = (
  headers: Readonly<Record<string, string | undefined>>,
): void => {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').split(';');
  const coding = headers['content-encoding']?.trim() || 'identity';
  const isUtf8 = parameters.every(
    (parameter) => !/^\s*charset\s*=/i.test(parameter) || utf8.test(parameter),
  );
  if (!/^\s*application\/json\s*$/i.test(type) || !isUtf8 || !/^identity$/i.test(coding)) {
    throw new RejectionError({
      code: 'unsupported-media-type',
      detail: 'Send the body as application/json in UTF-8, not compressed.',
    });
  }
};

const utf8 = /^\s*charset\s*=\s*(?:utf-?8|"utf-?8")\s*$/i;

/** Whether a text is well-formed Unicode without the replacement character U+FFFD. */
export const isDecoded = (text: string): boolean => text.isWellFormed() && !text.includes('\ufffd');

/**
 * Decodes a body. Rejects invalid UTF-8 and U+FFFD: API Gateway decodes a text body itself and replaces
 * invalid bytes by U+FFFD. A client that means this character must escape it.
 */
export const decodeText = (bytes: Uint8Array): string => {
  const text = decode(bytes);
  if (!isDecoded(text)) {
    throw new RejectionError({
      code: 'invalid-request',
      detail: 'The body is not valid UTF-8. Write a literal U+FFFD as "\\ufffd".',
    });
  }

  return text;
};

// Ignores a byte order mark, as RFC 8259 permits.
const decoder = new TextDecoder('utf-8', { fatal: true });

const decode = (bytes: Uint8Array): string => {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new RejectionError({ code: 'invalid-request', detail: 'The body is not valid UTF-8.' });
  }
};

/** Rejects a card number in any string except `sku` and `couponId`, which are looked up first. */
export const assertNoCardNumbers = (json: string): void => {
  const errors = findErrors(json, ({ text, isName, pointer }) => {
    if (!hasCardNumber(text)) return undefined;
    const isLookedUp = !isName && /\/(?:sku|couponId)$/.test(pointer());

    return isLookedUp ? undefined : 'This contains a card number.';
  });
  if (errors.length > 0)
    // A field name may itself be the card number.
    throw cardNumberRejection(errors.filter(({ pointer = '' }) => !hasCardNumber(pointer)));
};

type StringCheck = (found: JsonString) => string | undefined;

const findErrors = (json: string, check: StringCheck): readonly RejectionDetail[] => {
  const errors: RejectionDetail[] = [];
  visitStrings(json, (found) => {
    const detail = errors.length < maxErrors ? check(found) : undefined;
    if (detail !== undefined) errors.push({ pointer: found.pointer().toWellFormed(), detail });
  });

  return errors;
};

const checkDuplicate: StringCheck = ({ text, isDuplicate }) =>
  isDuplicate ? `"${text.toWellFormed()}" occurs more than once in one object.` : undefined;

const checkWellFormed: StringCheck = ({ text }) =>
  text.isWellFormed() ? undefined : 'This is not well-formed Unicode: unpaired surrogate.';

/** Finds what two JSON parsers may read differently: duplicate members (RFC 7493) and unpaired surrogates. */
export const findAmbiguities = (json: string): readonly RejectionDetail[] =>
  findErrors(json, (found) => checkDuplicate(found) ?? checkWellFormed(found));

/** Rejects a webhook with duplicate members, or whose read values (`read`) are not well-formed Unicode. */
export const assertUnambiguousWebhook = (
  bytes: Uint8Array,
  ...read: (string | undefined)[]
): void => {
  const json = decode(bytes);
  const errors = parseJson(json) === undefined ? [] : findErrors(json, checkDuplicate);
  if (errors.length > 0) throwInvalidRequest(errors);
  if (!read.every((text = '') => text.isWellFormed())) {
    throwInvalidRequest([
      { pointer: '', detail: 'The id or the reference is not well-formed Unicode.' },
    ]);
  }
};
