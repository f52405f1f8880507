import type { z } from 'zod';
import { requestHashOf } from '../domain/ids.ts';
import { idempotent, type ResultStore } from '../lambda/idempotency.ts';
import { httpHandler } from './http-handler.ts';
import type { HttpResponse } from './http-response.ts';
import {
  type ApiEvent,
  buyerOf,
  emptyBodySchema,
  idempotencyKeyOf,
  parseOptionalBody,
  parsePathParameter,
  traceparentOf,
} from './request.ts';

/** A request with its Idempotency-Key. */
export interface KeyedRequest<B> {
  /** The caller: the `sub` claim, also of an operator's token. */
  readonly buyer: string;
  readonly key: string;
  readonly body: B;
  /** Trace context of this request. A retry has another. */
  readonly traceparent: string;
}

/** The same, with the id from the path. */
export type KeyedRequestOf<P extends string, B> = KeyedRequest<B> & Readonly<Record<P, string>>;

type IdempotentRouteOptions<S, P, E> = ResultStore & {
  /** Function name: keys of different routes are independent. */
  readonly name: string;
  /**
   * Schema of the body. Without it only an empty object or no body is accepted. An empty body is optional if
   * the schema accepts `{}`.
   */
  readonly schema?: S;
  /** What must be equal in two bodies with one key; by default everything. */
  readonly comparedBodyOf?: (body: z.infer<S>) => unknown;
  /** Path parameter, if any: keys of different ids are independent. */
  readonly parameter?: P;
  /** Checks who calls, before anything is parsed, and adds what it returns to the request. */
  readonly authorize?: (event: ApiEvent) => E;
};

/** A result of the work that says whether an earlier request with the key had already produced it. */
interface Replayable {
  readonly replayed: boolean;
}

/**
 * Handles a route whose work runs once for each key of a caller. Rejects the key if it comes with another
 * body. Marks a repeated response with `Idempotency-Replayed`.
 */
export const idempotentRoute = <
  S extends z.ZodType,
  O extends Replayable,
  P extends string = never,
  E extends object = object,
>(
  {
    name,
    schema,
    comparedBodyOf = (body) => body,
    parameter,
    authorize,
    ...resultStore
  }: IdempotentRouteOptions<S, P, E>,
  work: (request: KeyedRequestOf<P, z.infer<S>> & E) => Promise<O>,
  toResponse: (result: Omit<O, 'replayed'>) => HttpResponse,
) => {
  type Request = KeyedRequestOf<P, z.infer<S>> & E;
  const idempotentWork = idempotent(
    {
      ...resultStore,
      name,
      keyOf: (request: Request) =>
        JSON.stringify([request.buyer, ...(parameter ? [request[parameter]] : []), request.key]),
      fingerprintOf: ({ body }) => requestHashOf(comparedBodyOf(body) ?? {}),
    },
    work,
  );

  return httpHandler(async (event, context) => {
    const request = {
      ...authorize?.(event),
      buyer: buyerOf(event),
      key: idempotencyKeyOf(event),
      ...(parameter && { [parameter]: parsePathParameter(event, parameter) }),
      body: parseOptionalBody(schema ?? emptyBodySchema, event),
      traceparent: traceparentOf(event, context),
    } as Request;

    const { value, replayed: isCached } = await idempotentWork(request, context);
    const { replayed: isStored, ...result } = value;
    const response = toResponse(result);

    return isCached || isStored ? withReplayedHeader(response) : response;
  });
};

const withReplayedHeader = (response: HttpResponse): HttpResponse => ({
  ...response,
  headers: { ...response.headers, 'idempotency-replayed': 'true' },
});
