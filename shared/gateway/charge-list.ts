import type { ZodType } from 'zod';
import { Outage } from '../domain/errors.ts';
import type { BookedCharge } from '../domain/reconciliation/records.ts';
import type { Exchange } from './http-exchange.ts';

/**
 * A PG's own list of what it captured and paid back, to hold our books against. Unlike the gateway it throws, an Outage, where the PG
 * does not list everything: half a list proves nothing.
 */
export interface ChargeLedger {
  charges(): AsyncIterable<BookedCharge>;
}

/** One charge of a reference, or part of one: several make one line of the ledger. */
export type Movement = Omit<BookedCharge, 'captures'>;

/** Pages are larger than what a gateway answers. */
export const largestPageBytes = 4 * 1_024 * 1_024;

/** The ledger of these movements, once they are all known. What moved nothing is no line of it. */
export const summed = async function* (
  movements: AsyncIterable<Movement>,
): AsyncIterable<BookedCharge> {
  const charges = new Map<string, BookedCharge>();
  for await (const { reference, currency, captured, refunded } of movements) {
    if (captured === 0 && refunded === 0) continue;
    const id = JSON.stringify([reference, currency]);
    const before = charges.get(id);
    charges.set(id, {
      reference,
      currency,
      captured: (before?.captured ?? 0) + captured,
      refunded: (before?.refunded ?? 0) + refunded,
      captures: (before?.captures ?? 0) + (captured > 0 ? 1 : 0),
    });
  }
  yield* charges.values();
};

/** A page in the shape that the PG documents. */
export const pageIn = <Page>(result: Exchange, schema: ZodType<Page>): Page => {
  if (result.kind !== 'answered') throw unlisted(result.reason);
  if (result.status !== 200) throw unlisted(`status ${result.status}`);

  return readPage(result.body, schema);
};

export const readPage = <Page>(body: unknown, schema: ZodType<Page>): Page => {
  const { data, error } = schema.safeParse(body);
  if (error) throw unlisted('a page of another shape');

  return data;
};

export const unlisted = (reason: string): Outage =>
  new Outage(`The PG did not list its charges: ${reason}.`);
