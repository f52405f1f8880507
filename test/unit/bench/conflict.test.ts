import { describe, expect, it } from 'vitest';
import { simulateConflicts } from '../../bench/conflict/model.ts';

const window = { holdMs: 15, seconds: 20, warmUpSeconds: 7, stockShards: 1 };

describe('one product that every buyer wants', () => {
  it('is accepted at ten a second without a long wait', async () => {
    const { accepted, medianMs, p99Ms } = await simulateConflicts({ ...window, perSecond: 10 });

    expect(accepted).toBeGreaterThan(0.98);
    expect(medianMs).toBeLessThan(30);
    expect(p99Ms).toBeLessThan(260);
  });

  it('is refused to some buyers at thirty a second, within a third of a second', async () => {
    const { accepted, p99Ms } = await simulateConflicts({ ...window, perSecond: 30 });

    expect(accepted).toBeGreaterThan(0.75);
    expect(accepted).toBeLessThan(0.95);
    expect(p99Ms).toBeLessThan(330);
  });

  it('is refused to most buyers at a hundred a second', async () => {
    const { accepted, conflictsEach } = await simulateConflicts({ ...window, perSecond: 100 });

    expect(accepted).toBeGreaterThan(0.3);
    expect(accepted).toBeLessThan(0.55);
    expect(conflictsEach).toBeGreaterThan(4);
  });

  it('is accepted at three hundred a second on thirty shards', async () => {
    const { accepted, medianMs, p99Ms } = await simulateConflicts({
      ...window,
      ...{ perSecond: 300, stockShards: 30, seconds: 9 },
    });

    expect(accepted).toBeGreaterThan(0.99);
    expect(medianMs).toBeLessThan(30);
    expect(p99Ms).toBeLessThan(150);
  });

  it('sells each unit once and loses none, whatever was refused', async () => {
    const found = await simulateConflicts({ ...window, perSecond: 100, seconds: 10 });
    const { stock, acceptedTotal, settledTotal } = found;

    expect(acceptedTotal).toBeGreaterThan(100);
    expect(settledTotal).toBe(acceptedTotal);
    expect(stock).toEqual({
      available: stock.received - acceptedTotal,
      reserved: 0,
      sold: acceptedTotal,
      received: stock.received,
    });
  });

  it('sells the last units of all shards, and no unit twice', async () => {
    const scenario = { ...window, perSecond: 100, stockShards: 20, seconds: 10 };
    const { stock, acceptedTotal } = await simulateConflicts({ ...scenario, available: 500 });

    expect(acceptedTotal).toBe(500);
    expect(stock).toEqual({ available: 0, reserved: 0, sold: 500, received: 500 });
  });

  it('gives the same result for one seed, and another one for another', async () => {
    const scenario = { ...window, perSecond: 20, seconds: 10, warmUpSeconds: 2 };
    const first = await simulateConflicts(scenario);

    expect(await simulateConflicts(scenario)).toEqual(first);
    expect(await simulateConflicts(scenario, 2)).not.toEqual(first);
  });
});
