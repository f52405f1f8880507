import { describe, expect, it } from 'vitest';
import { type Movement, summed } from '../../../shared/gateway/charge-list.ts';
import { answering, brokenPg } from '../../../shared/gateway/conformance/faulty-gateway.ts';
import { simulatorLedger } from '../../../shared/gateway/simulator/charge-list.ts';

const moved = (change: Partial<Movement>): Movement => ({
  reference: 'pay-1',
  currency: 'KRW',
  captured: 0,
  refunded: 0,
  ...change,
});

const linesOf = (...movements: readonly Movement[]) =>
  Array.fromAsync(
    summed(
      (async function* () {
        yield* movements;
      })(),
    ),
  );

describe('a ledger of charges', () => {
  it('has a line a reference, with all that moved under it', async () => {
    const lines = await linesOf(
      moved({ refunded: 300 }),
      moved({ captured: 1_000, refunded: 200 }),
      moved({ reference: 'pay-2', captured: 5 }),
      moved({ captured: 70 }),
    );

    expect(lines).toEqual([
      { reference: 'pay-1', currency: 'KRW', captured: 1_070, refunded: 500, captures: 2 },
      { reference: 'pay-2', currency: 'KRW', captured: 5, refunded: 0, captures: 1 },
    ]);
  });

  it('never adds one currency to another', async () => {
    const lines = await linesOf(
      moved({ captured: 1_000 }),
      moved({ currency: 'USD', captured: 10 }),
    );

    expect(lines).toMatchObject([
      { currency: 'KRW', captured: 1_000 },
      { currency: 'USD', captured: 10 },
    ]);
  });

  it('has no line for what moved nothing', async () => {
    expect(await linesOf(moved({}))).toEqual([]);
  });

  it('does not believe a list inside a 500', async () => {
    const pg = await brokenPg(answering(500, { charges: [], refunds: [] }));
    const ledger = simulatorLedger({ url: pg.url, timeoutMs: 20_000 });

    await expect(Array.fromAsync(ledger.charges())).rejects.toThrow('status 500');
    await pg.close();
  });

  it('takes a page that is longer than any other answer may be', async () => {
    const charges = Array.from({ length: 2_000 }, (_, number) => ({
      reference: `pay-${number}`.padEnd(40, '-'),
      amount: 1,
      currency: 'KRW',
    }));
    const pg = await brokenPg(answering(200, { charges, refunds: [] }));

    const { length } = await Array.fromAsync(
      simulatorLedger({ url: pg.url, timeoutMs: 20_000 }).charges(),
    );

    expect(length).toBe(2_000);
    await pg.close();
  });
});
