import type { z } from 'zod';
import { requestHashOf } from '../domain/ids.ts';
import { idempotent, type ResultStore } from '../lambda/idempotency.ts';
import { httpHandler } from './http-handler.ts';
import type { HttpResponse } from './http-response.ts';
import {
  buyerOf,
  emptyBodySchema,
  idempotencyKeyOf,
  parseOptionalBody,
  parsePathParameter,
  traceparentOf,
} from './request.ts';

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

type IdempotentRouteOptions<S, P> = ResultStore & {
  /** The function's name: it keeps the keys of one route apart from those of another. */
  readonly name: string;
  /** Without one the route takes no body, or an empty object. A body that may be empty may be left out. */
  readonly schema?: S;
  /** The path's parameter, where it has one: it keeps the keys of one thing apart from those of another. */
  readonly parameter?: P;
};

/** Answers a route whose work is done once for each key of a buyer; the same key with another body is refused. */
export const idempotentRoute = <S extends z.ZodType, O, P extends string = never>(
  { name, schema, parameter, ...resultStore }: IdempotentRouteOptions<S, P>,
  work: (request: KeyedRequestOf<P, z.infer<S>>) => Promise<O>,
  toResponse: (result: { value: O; replayed: boolean }) => HttpResponse,
) => {
  type Request = KeyedRequestOf<P, z.infer<S>>;
  const idempotentWork = idempotent(
    {
      ...resultStore,
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
      key: idempotencyKeyOf(event),
      ...(parameter && { [parameter]: parsePathParameter(event, parameter) }),
      body: parseOptionalBody(schema ?? emptyBodySchema, event),
      traceparent: traceparentOf(event, context),
    } as Request;

    return toResponse(await idempotentWork(request, context));
  });
};
