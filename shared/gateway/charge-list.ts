import type { ZodType } from 'zod';
import { ServiceUnavailableError } from '../domain/errors.ts';
import type { GatewayCharge } from '../domain/reconciliation/records.ts';
import type { Exchange } from './exchange.ts';

/**
 * The gateway's own list of captures and refunds, for reconciliation. Unlike the port, it throws a
 * ServiceUnavailableError if the list is incomplete: a partial list cannot be reconciled.
 */
export interface ChargeList {
  charges(): AsyncIterable<GatewayCharge>;
}

/** One capture or refund of a reference; the entries of one reference are summed. */
export type ChargeEntry = Omit<GatewayCharge, 'captures'>;

/** Pages are larger than other responses of a gateway. */
export const maxPageBytes = 4 * 1_024 * 1_024;

/** Sums the entries by reference and currency, after all are read. Omits entries without any amount. */
export const sumByReference = async function* (
  entries: AsyncIterable<ChargeEntry>,
): AsyncIterable<GatewayCharge> {
  const charges = new Map<string, GatewayCharge>();
  for await (const { reference, currency, captured, refunded } of entries) {
    if (captured === 0 && refunded === 0) continue;
    const id = JSON.stringify([reference, currency]);
    const previous = charges.get(id);
    charges.set(id, {
      reference,
      currency,
      captured: (previous?.captured ?? 0) + captured,
      refunded: (previous?.refunded ?? 0) + refunded,
      captures: (previous?.captures ?? 0) + (captured > 0 ? 1 : 0),
    });
  }
  yield* charges.values();
};

interface Page<Item> {
  readonly items: Iterable<Item>;
  /** The cursor of the next page; undefined on the last one. */
  readonly next: string | undefined;
}

/**
 * The items of all pages, in order. `fetchPage` receives the cursor of its page, undefined for the first one.
 */
export const paginate = async function* <Item>(
  fetchPage: (cursor: string | undefined) => Promise<Page<Item>>,
): AsyncIterable<Item> {
  let cursor: string | undefined;
  do {
    const { items, next } = await fetchPage(cursor);
    yield* items;
    cursor = next;
  } while (cursor !== undefined);
};

/** Parses a page; throws a ServiceUnavailableError if it is missing or not as documented. */
export const parsePage = <Page>(result: Exchange, schema: ZodType<Page>): Page => {
  if (result.kind !== 'answered') throw incompleteListError(result.reason);
  if (result.status !== 200) throw incompleteListError(`status ${result.status}`);

  return parsePageBody(result.body, schema);
};

export const parsePageBody = <Page>(body: unknown, schema: ZodType<Page>): Page => {
  const { data, error } = schema.safeParse(body);
  if (error) throw incompleteListError('unexpected response format');

  return data;
};

export const incompleteListError = (reason: string): ServiceUnavailableError =>
  new ServiceUnavailableError(`The gateway did not return a complete charge list: ${reason}.`);
