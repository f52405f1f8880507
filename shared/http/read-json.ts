import { cardNumberRejection, hasCardNumber } from '../domain/card-number.ts';
import { type RejectionDetail, RejectionError } from '../domain/errors.ts';
import { parseJson } from '../domain/json.ts';
import { type JsonString, visitStrings } from './json-strings.ts';

/** A body may have thousands of faults. This many are named, in the order in which they occur. */
const maxErrors = 100;

/** Refuses a request with each fault named by its place. */
export const throwInvalidRequest = (errors: readonly RejectionDetail[]): never => {
  throw new RejectionError({
    code: 'invalid-request',
    detail: 'The request is invalid.',
    errors: errors.slice(0, maxErrors),
  });
};

/** Refuses a body that its headers do not declare as JSON in UTF-8, the only encoding that JSON has between systems (RFC 8259). */
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

/** Whether a text is well-formed and holds no trace of bytes that could not be decoded. */
export const isDecoded = (text: string): boolean => text.isWellFormed() && !text.includes('\ufffd');

/**
 * A body's text. API Gateway decodes a body that it takes for text before the service sees it, and puts U+FFFD where its bytes are not
 * UTF-8. A client that means the character U+FFFD escapes it.
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

/** Refuses a card number in any text but those that are looked up in a catalogue: see `refuseCardNumberIn`. */
export const assertNoCardNumbers = (json: string): void => {
  const errors = findErrors(json, ({ text, isName, pointer }) => {
    if (!hasCardNumber(text)) return undefined;
    const isLookedUp = !isName && /\/(?:sku|couponId)$/.test(pointer());

    return isLookedUp ? undefined : 'This contains a card number.';
  });
  if (errors.length > 0)
    // The name of a field may be the card's number itself.
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

/** What two readers of a JSON text could take for two things: a member twice in one object (RFC 7493), or half a surrogate pair. */
export const findAmbiguities = (json: string): readonly RejectionDetail[] =>
  findErrors(json, (found) => checkDuplicate(found) ?? checkWellFormed(found));

/** Refuses a webhook's body that can be read in two ways, whatever its kind; what it says of things that are not read is the gateway's own. */
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
