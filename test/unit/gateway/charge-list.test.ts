import { describe, expect, it } from 'vitest';
import { systemTimers } from '../../../shared/config/system-clock.ts';
import { type ChargeEntry, sumByReference } from '../../../shared/gateway/charge-list.ts';
import {
  respondWith,
  startFaultyGateway,
} from '../../../shared/gateway/conformance/faulty-gateway.ts';
import { sendHttp } from '../../../shared/gateway/http-exchange.ts';
import { createSimulatorChargeList } from '../../../shared/gateway/simulator/charge-list.ts';

const aChargeEntry = (change: Partial<ChargeEntry>): ChargeEntry => ({
  reference: 'pay-1',
  currency: 'KRW',
  captured: 0,
  refunded: 0,
  ...change,
});

const chargesOf = (...entries: readonly ChargeEntry[]) =>
  Array.fromAsync(
    sumByReference(
      (async function* () {
        yield* entries;
      })(),
    ),
  );

describe('charge list', () => {
  it('sums all entries of a reference', async () => {
    const charges = await chargesOf(
      aChargeEntry({ refunded: 300 }),
      aChargeEntry({ captured: 1_000, refunded: 200 }),
      aChargeEntry({ reference: 'pay-2', captured: 5 }),
      aChargeEntry({ captured: 70 }),
    );

    expect(charges).toEqual([
      { reference: 'pay-1', currency: 'KRW', captured: 1_070, refunded: 500, captures: 2 },
      { reference: 'pay-2', currency: 'KRW', captured: 5, refunded: 0, captures: 1 },
    ]);
  });

  it('keeps currencies apart', async () => {
    const charges = await chargesOf(
      aChargeEntry({ captured: 1_000 }),
      aChargeEntry({ currency: 'USD', captured: 10 }),
    );

    expect(charges).toMatchObject([
      { currency: 'KRW', captured: 1_000 },
      { currency: 'USD', captured: 10 },
    ]);
  });

  it('omits references without any amount', async () => {
    expect(await chargesOf(aChargeEntry({}))).toEqual([]);
  });

  it('rejects a list inside a 500', async () => {
    const pg = await startFaultyGateway(respondWith(500, { charges: [], refunds: [] }));
    const chargeList = createSimulatorChargeList({
      url: pg.url,
      timeoutMs: 20_000,
      timers: systemTimers,
      exchange: sendHttp,
    });

    await expect(Array.fromAsync(chargeList.charges())).rejects.toThrow('status 500');
    await pg.close();
  });

  it('accepts a page larger than other responses may be', async () => {
    const charges = Array.from({ length: 2_000 }, (_, number) => ({
      reference: `pay-${number}`.padEnd(40, '-'),
      amount: 1,
      currency: 'KRW',
    }));
    const pg = await startFaultyGateway(respondWith(200, { charges, refunds: [] }));

    const { length } = await Array.fromAsync(
      createSimulatorChargeList({
        url: pg.url,
        timeoutMs: 20_000,
        timers: systemTimers,
        exchange: sendHttp,
      }).charges(),
    );

    expect(length).toBe(2_000);
    await pg.close();
  });
});
