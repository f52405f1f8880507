import * as z from 'zod';
import { Outage } from '../domain/errors.ts';
import type { BookedCharge } from '../domain/ledger/reading.ts';

const money = z.object({ reference: z.string(), amount: z.int(), currency: z.string() });
const listing = z.object({ charges: z.array(money), refunds: z.array(money) });

/** Everything that the PG simulator has captured and paid back, by our reference. */
export const simulatorCharges = ({ url, timeoutMs }: { url: string; timeoutMs: number }) =>
  async function* (): AsyncIterable<BookedCharge> {
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await fetch(`${url.replace(/\/+$/, '')}/charges`, { signal }).catch((cause) => {
      throw new Outage('The PG did not list its charges.', { cause });
    });
    if (!answer.ok)
      throw new Outage(`The PG answered ${answer.status} to the list of its charges.`);
    const { charges, refunds } = listing.parse(await answer.json());
    const paidBack = Map.groupBy(refunds, ({ reference }) => reference);
    for (const [reference, own] of Map.groupBy(charges, ({ reference }) => reference)) {
      yield {
        reference,
        currency: own[0]?.currency ?? '',
        captured: sum(own),
        captures: own.length,
        refunded: sum(paidBack.get(reference) ?? []),
      };
    }
  };

const sum = (moved: readonly { amount: number }[]) =>
  moved.reduce((total, { amount }) => total + amount, 0);
