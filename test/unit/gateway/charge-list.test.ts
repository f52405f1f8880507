import { describe, expect, it } from 'vitest';
import { type ChargeEntry, sumByReference } from '../../../shared/gateway/charge-list.ts';
import {
  respondWith,
  startFaultyGateway,
} from '../../../shared/gateway/conformance/faulty-gateway.ts';
import { createSimulatorChargeList } from '../../../shared/gateway/simulator/charge-list.ts';

const aChargeEntry = (change: Partial<ChargeEntry>): ChargeEntry => ({
  reference: 'pay-1',
  currency: 'KRW',
  captured: 0,
  refunded: 0,
  ...change,
});

const linesOf = (...movements: readonly ChargeEntry[]) =>
  Array.fromAsync(
    sumByReference(
      (async function* () {
        yield* movements;
      })(),
    ),
  );

describe('a ledger of charges', () => {
  it('has a line a reference, with all that moved under it', async () => {
    const lines = await linesOf(
      aChargeEntry({ refunded: 300 }),
      aChargeEntry({ captured: 1_000, refunded: 200 }),
      aChargeEntry({ reference: 'pay-2', captured: 5 }),
      aChargeEntry({ captured: 70 }),
    );

    expect(lines).toEqual([
      { reference: 'pay-1', currency: 'KRW', captured: 1_070, refunded: 500, captures: 2 },
      { reference: 'pay-2', currency: 'KRW', captured: 5, refunded: 0, captures: 1 },
    ]);
  });

  it('never adds one currency to another', async () => {
    const lines = await linesOf(
      aChargeEntry({ captured: 1_000 }),
      aChargeEntry({ currency: 'USD', captured: 10 }),
    );

    expect(lines).toMatchObject([
      { currency: 'KRW', captured: 1_000 },
      { currency: 'USD', captured: 10 },
    ]);
  });

  it('has no line for what moved nothing', async () => {
    expect(await linesOf(aChargeEntry({}))).toEqual([]);
  });

  it('does not believe a list inside a 500', async () => {
    const pg = await startFaultyGateway(respondWith(500, { charges: [], refunds: [] }));
    const ledger = createSimulatorChargeList({ url: pg.url, timeoutMs: 20_000 });

    await expect(Array.fromAsync(ledger.charges())).rejects.toThrow('status 500');
    await pg.close();
  });

  it('takes a page that is longer than any other answer may be', async () => {
    const charges = Array.from({ length: 2_000 }, (_, number) => ({
      reference: `pay-${number}`.padEnd(40, '-'),
      amount: 1,
      currency: 'KRW',
    }));
    const pg = await startFaultyGateway(respondWith(200, { charges, refunds: [] }));

    const { length } = await Array.fromAsync(
      createSimulatorChargeList({ url: pg.url, timeoutMs: 20_000 }).charges(),
    );

    expect(length).toBe(2_000);
    await pg.close();
  });
});
