import * as z from 'zod';
import { requestHashOf } from '../domain/ids.ts';
import { ambiguitiesIn, parseJson, refuseFaults } from './read-json.ts';

// It keeps a cursor from being bent or carried into another list. It is no secret and needs none: whose things are read is said by the
// token alone.
const sealOf = (list: object, place: object) => requestHashOf({ list, place }).slice(0, 22);

/** A place in a list as text that means nothing to a client. `list` is whose it is, and what it was filtered by. */
export const toCursor = (list: object, place: object): string =>
  Buffer.from(JSON.stringify([place, sealOf(list, place)])).toString('base64url');

/** The place that a cursor of this very list stands for; any other text is refused. */
export const fromCursor = <S extends z.ZodObject>(
  list: object,
  schema: S,
  cursor: string | undefined,
): z.infer<S> | undefined => {
  if (cursor === undefined) return undefined;
  const json = Buffer.from(cursor, 'base64url').toString('utf8');
  const read = z.tuple([schema, z.string()]).safeParse(parseJson(json));
  if (read.success && ambiguitiesIn(json).length === 0) {
    const [place, seal] = read.data;
    if (seal === sealOf(list, place)) return place;
  }

  return refuseFaults([{ parameter: 'cursor', detail: 'This is no nextCursor of this list.' }]);
};
