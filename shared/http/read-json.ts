import { cardNumberRefused, hasCardNumber } from '../domain/card-number.ts';
import { Refusal, type RefusalDetail } from '../domain/errors.ts';
import { type JsonString, visitStrings } from './json-strings.ts';

/** A body may have thousands of faults. This many are named, in the order in which they occur. */
const maxFaults = 100;

/** Refuses a request with each fault named by its place. */
export const refuseFaults = (errors: readonly RefusalDetail[]): never => {
  throw new Refusal({
    code: 'invalid-request',
    detail: 'The request has faults.',
    errors: errors.slice(0, maxFaults),
  });
};

/** Refuses a body that its headers do not declare as JSON in UTF-8, the only encoding that JSON has between systems (RFC 8259). */
export const expectJson = (headers: Readonly<Record<string, string | undefined>>): void => {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').split(';');
  const coding = headers['content-encoding']?.trim() || 'identity';
  const isUtf8 = parameters.every((one) => !/^\s*charset\s*=/i.test(one) || utf8.test(one));
  if (!/^\s*application\/json\s*$/i.test(type) || !isUtf8 || !/^identity$/i.test(coding)) {
    throw new Refusal({
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
export const textOf = (bytes: Uint8Array): string => {
  const text = decode(bytes);
  if (!isDecoded(text)) {
    throw new Refusal({
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
    throw new Refusal({ code: 'invalid-request', detail: 'The body is not valid UTF-8.' });
  }
};

/** The value of a JSON text. Undefined if it is not JSON. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Refuses a card number in any text but those that are looked up in a catalogue: see `refuseCardNumberIn`. */
export const refuseCardNumbers = (json: string): void => {
  const errors = faultsIn(json, ({ text, isName, pointer }) => {
    if (!hasCardNumber(text)) return undefined;
    const isLookedUp = !isName && /\/(?:sku|couponId)$/.test(pointer());

    return isLookedUp ? undefined : 'There is a card number here.';
  });
  if (errors.length > 0)
    // The name of a field may be the card's number itself.
    throw cardNumberRefused(errors.filter(({ pointer = '' }) => !hasCardNumber(pointer)));
};

type FaultOf = (found: JsonString) => string | undefined;

const faultsIn = (json: string, faultOf: FaultOf): readonly RefusalDetail[] => {
  const faults: RefusalDetail[] = [];
  visitStrings(json, (found) => {
    const detail = faults.length < maxFaults ? faultOf(found) : undefined;
    if (detail !== undefined) faults.push({ pointer: found.pointer().toWellFormed(), detail });
  });

  return faults;
};

const duplicate: FaultOf = ({ text, isDuplicate }) =>
  isDuplicate ? `"${text.toWellFormed()}" occurs more than once in one object.` : undefined;

const malformed: FaultOf = ({ text }) =>
  text.isWellFormed() ? undefined : 'This is not well-formed Unicode: half a surrogate pair.';

/** What two readers of a JSON text could take for two things: a member twice in one object (RFC 7493), or half a surrogate pair. */
export const ambiguitiesIn = (json: string): readonly RefusalDetail[] =>
  faultsIn(json, (found) => duplicate(found) ?? malformed(found));

/** Refuses a webhook's body that can be read in two ways, whatever its kind; what it says of things that are not read is the gateway's own. */
export const refuseAmbiguousWebhook = (
  bytes: Uint8Array,
  ...read: (string | undefined)[]
): void => {
  const json = decode(bytes);
  const faults = parseJson(json) === undefined ? [] : faultsIn(json, duplicate);
  if (faults.length > 0) refuseFaults(faults);
  if (!read.every((text = '') => text.isWellFormed())) {
    refuseFaults([{ pointer: '', detail: 'The id or the reference is not well-formed Unicode.' }]);
  }
};
