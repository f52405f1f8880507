import type { z } from 'zod';
import { requestHashOf } from '../data/keys.ts';
import { requireEnv } from '../runtime/env.ts';
import { once } from '../runtime/idempotency.ts';
import { type Answer, bodyOf, buyerOf, httpHandler, keyOf, traceOf } from './boundary.ts';

/** A buyer's request under an Idempotency-Key. */
export interface KeyedRequest<B> {
  readonly buyer: string;
  readonly key: string;
  readonly body: B;
  /** Of the first request of the key that came through; a retry of it has another. */
  readonly traceparent: string;
}

interface Route<S> {
  /** The function's name: it keeps the keys of one route apart from those of another. */
  readonly name: string;
  readonly schema: S;
  /** The table of answers. */
  readonly table?: string;
}

/** Answers a route whose work is done once for each key of a buyer; the same key with another body is refused. */
export const oncePerKey = <S extends z.ZodType, O>(
  { name, schema, table = requireEnv('IDEMPOTENCY_TABLE').IDEMPOTENCY_TABLE }: Route<S>,
  work: (request: KeyedRequest<z.infer<S>>) => Promise<O>,
  toAnswer: (done: { value: O; replayed: boolean }) => Answer,
) => {
  const workOnce = once(
    {
      table,
      name,
      keyOf: ({ buyer, key }: KeyedRequest<z.infer<S>>) => JSON.stringify([buyer, key]),
      fingerprintOf: ({ body }) => requestHashOf(body),
    },
    work,
  );

  return httpHandler(async (event, context) => {
    const request = {
      buyer: buyerOf(event),
      key: keyOf(event),
      body: bodyOf(schema, event),
      traceparent: traceOf(event, context),
    };

    return toAnswer(await workOnce(request, context));
  });
};
