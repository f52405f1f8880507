import type { z } from 'zod';
import { requireEnv } from '../config/env.ts';
import type { RefusalCode } from '../domain/errors.ts';
import { requestHashOf } from '../domain/ids.ts';
import { once } from '../lambda/idempotency.ts';
import {
  type Answer,
  buyerOf,
  emptyBody,
  httpHandler,
  keyOf,
  optionalBodyOf,
  pathOf,
  traceOf,
} from './http-handler.ts';

/** A buyer's request under an Idempotency-Key. */
export interface KeyedRequest<B> {
  readonly buyer: string;
  readonly key: string;
  readonly body: B;
  /** Of the first request of the key that came through; a retry of it has another. */
  readonly traceparent: string;
}

/** The same, about the one thing that the path names. */
export type KeyedRequestOf<P extends string, B> = KeyedRequest<B> & Readonly<Record<P, string>>;

interface Route<S, P> {
  /** The function's name: it keeps the keys of one route apart from those of another. */
  readonly name: string;
  /** Without one the route takes no body, or an empty object. A body that may be empty may be left out. */
  readonly schema?: S;
  /** The path's parameter, where it has one: it keeps the keys of one thing apart from those of another. */
  readonly parameter?: P;
  /** The refusals that the work keeps, where it keeps its answers itself. Then there is no table of them. */
  readonly keeps?: readonly RefusalCode[];
  /** The table of answers. */
  readonly table?: string;
}

/** Answers a route whose work is done once for each key of a buyer; the same key with another body is refused. */
export const oncePerKey = <S extends z.ZodType, O, P extends string = never>(
  { name, schema, parameter, keeps, table }: Route<S, P>,
  work: (request: KeyedRequestOf<P, z.infer<S>>) => Promise<O>,
  toAnswer: (done: { value: O; replayed: boolean }) => Answer,
) => {
  type Request = KeyedRequestOf<P, z.infer<S>>;
  const workOnce = once(
    {
      ...(keeps
        ? { keeps }
        : { table: table ?? requireEnv('IDEMPOTENCY_TABLE').IDEMPOTENCY_TABLE }),
      name,
      keyOf: (request: Request) =>
        JSON.stringify([request.buyer, ...(parameter ? [request[parameter]] : []), request.key]),
      fingerprintOf: ({ body }) => requestHashOf(body ?? {}),
    },
    work,
  );

  return httpHandler(async (event, context) => {
    const request = {
      buyer: buyerOf(event),
      key: keyOf(event),
      ...(parameter && { [parameter]: pathOf(event, parameter) }),
      body: optionalBodyOf(schema ?? emptyBody, event),
      traceparent: traceOf(event, context),
    } as Request;

    return toAnswer(await workOnce(request, context));
  });
};
