import { describe, expect, it } from 'vitest';
import { type ChargerSettings, maxBatchesAt, simulateCharger } from '../../bench/model/charger.ts';
import { simulatePayments } from '../../bench/model/model.ts';
import { createRandom, exponential } from '../../bench/model/random.ts';
import { publishTimes } from '../../bench/model/relay.ts';

const minute = 60_000;

it('draws deterministic numbers with the given mean', () => {
  const drawn = (seed: number) => {
    const random = createRandom(seed);

    return Array.from({ length: 20_000 }, () => exponential(random, 5));
  };
  const mean = drawn(1).reduce((sum, one) => sum + one, 0) / 20_000;

  expect(drawn(1)).toEqual(drawn(1));
  expect(drawn(1)).not.toEqual(drawn(2));
  expect(mean).toBeCloseTo(5, 0);
});

describe('concurrent batches', () => {
  it.each([
    ['begin with five', { kind: 'standard', most: 1_000 }, 0, false, 5],
    ['grow by three hundred a minute', { kind: 'standard', most: 1_000 }, minute, false, 305],
    ['stay below their bound', { kind: 'standard', most: 100 }, minute, false, 100],
    ['are never more than a thousand', { kind: 'standard', most: 9_999 }, 9 * minute, false, 1_000],
    ['are all there when it is warm', { kind: 'standard', most: 600 }, 0, true, 600],
    ['are ten for each poller', { kind: 'provisioned', least: 10, most: 60 }, 0, false, 100],
    ['grow faster then', { kind: 'provisioned', least: 10, most: 200 }, minute, false, 1_000],
  ] as const)('%s', (_, pollers, at, isWarm, allowed) => {
    expect(maxBatchesAt(pollers, at, isWarm)).toBe(allowed);
  });
});

describe('charger model', () => {
  const settings: ChargerSettings = {
    batchSize: 10,
    windowMs: 0,
    pollers: { kind: 'standard', most: 1_000 },
    msOfAPayment: 10,
    isWarm: true,
  };
  const atOnce = (messages: number) => Array.from({ length: messages }, () => 0);
  // Receive, read and claim, compute, gateway, settlement.
  const alone = 20 + 10 + 10 + 5_000 + 10;

  it('ends a payment after the gateway call and its own work', () => {
    expect(simulateCharger([0], settings).finalAt).toEqual([alone]);
  });

  it('waits for a cold start at the first batch only', () => {
    const { finalAt } = simulateCharger([0, 60_000], { ...settings, isWarm: false });

    expect(finalAt).toEqual([alone + 1_000, 60_000 + alone]);
  });

  it('waits for a full batch, up to the window', () => {
    const { finalAt, batches } = simulateCharger(atOnce(50), { ...settings, windowMs: 1_000 });

    // Five full batches, and what the receivers found after the last of them.
    expect(batches).toBeLessThanOrEqual(6);
    expect(Math.min(...finalAt)).toBe(10 + 100 + 5_000 + 10);
    expect(Math.max(...finalAt)).toBeLessThanOrEqual(1_000 + 10 + 100 + 5_000 + 10);
    expect(simulateCharger([0], { ...settings, windowMs: 1_000 }).finalAt).toEqual([
      alone + 1_000 - 20,
    ]);
  });

  it('runs the allowed number of batches, full ones with a backlog', () => {
    const { finalAt, batches, peak } = simulateCharger(atOnce(100), {
      ...settings,
      pollers: { kind: 'standard', most: 2 },
    });

    expect(peak).toBe(2);
    expect(batches).toBeLessThanOrEqual(11);
    expect(Math.max(...finalAt)).toBeGreaterThan(5 * 5_000);
    expect(finalAt.some(Number.isNaN)).toBe(false);
  });
});

describe('relay model', () => {
  const settings = { lanes: 1, batchSize: 100, msOfARecord: 1 };

  it('reads a record at the next poll and publishes it after its round trip', () => {
    const [publishedAt = 0] = publishTimes([10_000], settings, createRandom(1));

    expect(publishedAt - 10_000).toBeGreaterThan(5);
    expect(publishedAt - 10_000).toBeLessThanOrEqual(250 + 5 + 1);
  });

  it('builds a backlog if a lane computes longer than the interval', () => {
    const accepted = Array.from({ length: 1_000 }, (_, index) => index);
    const last = (lanes: number) =>
      Math.max(...publishTimes(accepted, { ...settings, lanes, msOfARecord: 10 }, createRandom(1)));

    expect(last(1)).toBeGreaterThan(10_000);
    expect(last(40)).toBeLessThan(2_000);
  });
});

describe('accept to the final status', () => {
  const relay = { lanes: 40, batchSize: 100, msOfARecord: 5 };
  const charger = {
    batchSize: 10,
    windowMs: 1_000,
    pollers: { kind: 'provisioned', least: 10, most: 100 },
    msOfAPayment: 20,
  } as const;
  const scenario = { name: '', perSecond: 200, seconds: 30, warmUpSeconds: 5, isWarm: true };

  it('takes little more than the gateway time with sufficient capacity', () => {
    const { within30s, medianMs, p999Ms } = simulatePayments(scenario, relay, charger);

    expect(within30s).toBe(1);
    expect(medianMs).toBeGreaterThan(5_000);
    expect(p999Ms).toBeLessThan(8_000);
  });

  it('misses the objective with too few chargers', () => {
    const pollers = { kind: 'standard', most: 10 } as const;

    expect(simulatePayments(scenario, relay, { ...charger, pollers }).within30s).toBeLessThan(0.5);
  });

  it('puts more payments into a batch with a batching window', () => {
    const eager = simulatePayments(scenario, relay, { ...charger, windowMs: 0 });
    const patient = simulatePayments(scenario, relay, charger);

    expect(patient.inABatch).toBeGreaterThan(eager.inABatch);
    expect(patient.chargers).toBeLessThan(eager.chargers);
  });
});
