import * as z from 'zod';
import { requestHashOf } from '../../shared/data/keys.ts';
import type { Position } from '../../shared/data/payments-of-buyer.ts';
import { Refusal } from '../../shared/domain/errors.ts';
import type { ListQuery } from './request.ts';

/** The list that a cursor is a place in: one buyer's, with one filter. */
export type List = Pick<ListQuery, 'orderId' | 'status'> & { readonly buyer: string };

const shape = z.tuple([z.iso.datetime(), z.string().min(1).max(64), z.string()]);

// It keeps a cursor from being bent or carried into another list. It is no secret and needs none: whose payments are read is
// said by the token alone.
const sealOf = (list: List, { createdAt, paymentId }: Position) =>
  requestHashOf({ list, createdAt, paymentId }).slice(0, 22);

/** A place in a list as text that means nothing to a client. */
export const toCursor = (list: List, at: Position): string =>
  Buffer.from(JSON.stringify([at.createdAt, at.paymentId, sealOf(list, at)])).toString('base64url');

/** The place that a cursor of this very list stands for; any other text is refused. */
export const fromCursor = (list: List, cursor: string): Position => {
  const read = shape.safeParse(jsonOf(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (read.success) {
    const [createdAt, paymentId, seal] = read.data;
    const at = { createdAt, paymentId };
    if (seal === sealOf(list, at)) return at;
  }
  throw new Refusal({
    code: 'invalid-request',
    detail: 'The request has faults.',
    errors: [{ parameter: 'cursor', detail: 'This is no nextCursor of this list.' }],
  });
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
