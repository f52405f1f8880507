import * as z from 'zod';
import { requestHashOf } from '../domain/ids.ts';
import { parseJson } from '../domain/json.ts';
import { findAmbiguities, throwInvalidRequest } from './read-json.ts';

/** An integer from 1 to `max`, written in digits alone. */
export const limitUpTo = (max: number) => {
  const error = `Must be an integer from 1 to ${max}.`;

  return z
    .string()
    .regex(/^\d{1,3}$/, error)
    .transform(Number)
    .pipe(z.int().min(1, error).max(max, error));
};

/** The page parameters of a list's query. */
export const pageQuery = {
  limit: limitUpTo(100).default(20).meta({ description: 'Maximum number of items, 1 to 100.' }),
  cursor: z
    .string()
    .max(512)
    .optional()
    .meta({ description: 'The `nextCursor` of the previous page.' }),
};

// Detects a changed cursor or one of another list. It is not a security measure: the token decides which
// items are read.
const checksumOf = (list: object, position: object) =>
  requestHashOf({ list, position }).slice(0, 22);

/** Encodes a position as an opaque cursor. `list` has the owner and the filter. */
export const encodeCursor = (list: object, position: object): string =>
  Buffer.from(JSON.stringify([position, checksumOf(list, position)])).toString('base64url');

/** Decodes a cursor. Rejects any text that is not a cursor of this list. */
export const decodeCursor = <S extends z.ZodObject>(
  list: object,
  schema: S,
  cursor: string | undefined,
): z.infer<S> | undefined => {
  if (cursor === undefined) return undefined;
  const json = Buffer.from(cursor, 'base64url').toString('utf8');
  const decoded = z.tuple([schema, z.string()]).safeParse(parseJson(json));
  if (decoded.success && findAmbiguities(json).length === 0) {
    const [position, checksum] = decoded.data;
    if (checksum === checksumOf(list, position)) return position;
  }

  return throwInvalidRequest([
    { parameter: 'cursor', detail: 'This is not a cursor of this list.' },
  ]);
};
