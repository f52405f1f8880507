import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stages } from '../../../cdk/stages.ts';
import type { Counts } from '../../bench/counts/counts.ts';
import { type CountResults, countsFile } from '../../bench/counts/results.ts';
import { readResults } from '../../bench/measure/results.ts';
import { concurrencyOfAccount, needsAt, readsFor } from '../../bench/model/needs.ts';
import { rateOfRegion, regionTable } from '../../bench/model/needs-report.ts';
import { quotas, regionQuotas } from '../../bench/model/quotas.ts';

const ofFunction = (cpuMs: number, roundTrips: number, invocations = 1) => ({
  invocations,
  roundTrips,
  cpuMs,
  writeUnits: 0,
  readUnits: 0,
  logBytes: 0,
});

/** A payment with round numbers: 10 ms of computing are 10 ms in a function with a whole processor. */
const counts: Counts = {
  functions: {
    'accept-payment': ofFunction(10, 2),
    'charge-payment': ofFunction(10, 4),
    'notify-buyer': ofFunction(20, 4, 2),
    'relay-changes': ofFunction(25, 5, 5),
  },
  requests: {},
  written: { Payments: 5, 'Payments.byDue': 4, Rankings: 4, Idempotency: 20 },
  read: {},
  bytesSent: 0,
  bytesReceived: 0,
  events: { PaymentReserved: 1, PaymentCompleted: 1, PointsAdded: 1, Unsubscribed: 1 },
  queueRequests: {},
  states: 3,
  pgCalls: 1,
};
const memoryMb = 1_769;
const deployed = {
  memoryMb: Object.fromEntries(Object.keys(counts.functions).map((folder) => [folder, memoryMb])),
  behindQueues: ['charge-payment', 'notify-buyer'],
  behindStreams: ['relay-changes'],
};
const sharedKeys = {
  'Payments.byDue': { keys: 4, share: 1 },
  Rankings: { keys: 16, share: 1 / 2 },
};
const measured = { counts, deployed, sharedKeys };
const at = (perSecond: number) => needsAt({ perSecond, finalMs: 6_000 }, measured, 1_000);
const averageOf = (perSecond: number, folder: string) =>
  at(perSecond).functions.find((one) => one.folder === folder)?.average;

describe('Lambda executions that a rate needs', () => {
  it('are the rate times the duration of a request, or one for ten requests a second', () => {
    const roundTrips = 2 * 5;

    expect(averageOf(1_000, 'accept-payment')).toBe(Math.max(10 + roundTrips, 1_000 / 10));
    expect(averageOf(10, 'accept-payment')).toBe(1);
  });

  it('share the wait for the gateway among the charges of a batch', () => {
    const alone = 10 + 4 * 5 + 5_000;

    // Five receivers: below five messages a second each has its own batch, and 25 is the largest.
    expect(averageOf(5, 'charge-payment')).toBeCloseTo(5 * (alone / 1_000), 5);
    expect(averageOf(50, 'charge-payment')).toBeCloseTo(50 * ((10 + 5_020 / 10) / 1_000), 5);
    expect(averageOf(1_000, 'charge-payment')).toBeCloseTo(1_000 * ((10 + 5_020 / 25) / 1_000), 5);
  });

  it('count each message of a payment: a buyer gets two notifications', () => {
    const waiting = (4 * 5 + 2 * 500) / 10;

    expect(averageOf(1_000, 'notify-buyer')).toBeCloseTo(20 + waiting, 5);
  });

  it('count each record of the relay as an invocation of its own', () => {
    expect(averageOf(100, 'relay-changes')).toBeCloseTo((100 * (25 + 5 * 5)) / 1_000, 5);
  });

  it('reserve three standard deviations more', () => {
    const [first] = at(1_000).functions;

    expect(first?.reserved).toBe(
      Math.ceil(Number(first?.average) + 3 * Math.sqrt(Number(first?.average))),
    );
  });

  it('hold one for each buyer who waits, or a tenth of one for each who asks', () => {
    const needs = at(1_000);

    expect(needs).toMatchObject({ longPolls: 6_000, statusRequests: 600 });
    // Half of get-payment is for plain reads.
    expect(readsFor(needs, 'wait')).toBe(2 * Math.ceil(6_000 + 3 * Math.sqrt(6_000)));
    expect(readsFor(needs, 'ask')).toBe(Math.ceil(600 + 3 * Math.sqrt(600)));
  });

  it('add what AWS keeps and the functions that a usual payment does not run', () => {
    const needs = at(10);
    const own = needs.functions.reduce((sum, { reserved }) => sum + reserved, 0);
    const table = { 'accept-payment': 999, 'get-payment': 999, 'inquire-payment': 30 };

    expect(concurrencyOfAccount(needs, 'ask', table)).toBe(own + readsFor(needs, 'ask') + 30 + 100);
    expect(
      concurrencyOfAccount(needs, 'wait', table) - concurrencyOfAccount(needs, 'ask', table),
    ).toBe(readsFor(needs, 'wait') - readsFor(needs, 'ask'));
  });
});

describe('other quotas that a rate needs', () => {
  it('are requests, events and their deliveries, transitions and messages', () => {
    expect(at(100)).toMatchObject({
      apiRequests: { withLongPolls: 400, withoutLongPolls: 300 + 600 },
      putEvents: 400,
      // One charge; data platform, notification, ranking and points; one notification.
      deliveries: 600,
      stateTransitions: 300,
      chargesInFlight: 600,
    });
  });

  it('are write units of each table, and of each partition key that payments share', () => {
    expect(at(100).writeUnits).toEqual([
      { of: 'Idempotency', units: 2_000 },
      { of: 'Payments', units: 500 },
      { of: 'Payments.byDue', units: 400 },
      { of: 'Rankings', units: 400 },
    ]);
    expect(at(100).sharedKeyUnits).toEqual([
      { of: 'Payments.byDue', units: 100 },
      { of: 'Rankings', units: 12.5 },
    ]);
  });
});

describe('default quotas by region', () => {
  it('allow the rate of the quota that is used up first', () => {
    const [large, , , , seoul] = regionQuotas;
    if (!large || !seoul) throw new Error('A region is missing.');

    // API Gateway: nine requests a payment.
    expect(rateOfRegion(large, at(10))).toBeCloseTo(10_000 / 9, 5);
    // PutEvents: four a payment.
    expect(rateOfRegion(seoul, at(10))).toBeCloseTo(600 / 4, 5);
    expect(rateOfRegion(seoul, at(1_000))).toBeCloseTo(600 / 4, 5);
  });

  it('are listed with the rate that the needs of the highest rate allow', () => {
    const needs = [at(10), needsAt({ perSecond: 1_000, finalMs: 5_000 }, measured, 1_000)];

    // API Gateway: three requests and five status requests a payment.
    expect(regionTable({ needs }).split('\n')[2]).toMatch(/\| 1,250 \|$/);
  });

  it('are named once for each region', () => {
    const regions = regionQuotas.flatMap((one) => one.regions.split(', '));

    expect(new Set(regions).size).toBe(regions.length);
    expect(regionTable({ needs: [at(10)] }).split('\n')).toHaveLength(2 + regionQuotas.length);
  });
});

describe('production', () => {
  const stored = readResults<CountResults>(countsFile);
  const { approved } = stored?.kinds ?? {};
  if (!stored || !approved) throw new Error('There are no counts of an approved payment.');
  const { concurrency, batchingWindow } = stages.production;
  const needs = needsAt(
    { perSecond: 140.8, finalMs: 6_000 },
    { counts: approved, deployed: stored.deployed, sharedKeys: {} },
    batchingWindow.toMilliseconds(),
  );

  it('reserves what 140.8 payments a second need', () => {
    for (const { folder, reserved } of needs.functions)
      expect(Object(concurrency)[folder], folder).toBeGreaterThanOrEqual(reserved);
    expect(concurrency['get-payment']).toBeGreaterThanOrEqual(readsFor(needs, 'ask'));
    expect(concurrency['receive-webhook']).toBeGreaterThanOrEqual(140.8 / 10);
  });

  it('is said in the README of the regions that the default quotas allow', () => {
    const readme = readFileSync('README.md', 'utf8');
    const regionsFor = (rate: number) =>
      regionQuotas.filter((one) => rateOfRegion(one, needs) >= rate).map(({ regions }) => regions);

    expect(regionsFor(140.8)).toEqual(regionQuotas.slice(0, -1).map(({ regions }) => regions));
    expect(regionsFor(1_000)).toEqual(['us-east-1, us-west-2, eu-west-1']);
    expect(readme).toContain("140.8 payments a second with AWS's default quotas in [most regions]");
    expect(readme).toContain('the regions us-east-1, us-west-2 or eu-west-1');
  });

  it('fits into an account with the default quota', () => {
    expect(concurrencyOfAccount(needs, 'ask', concurrency)).toBeLessThanOrEqual(
      quotas.concurrentExecutions.value,
    );
  });
});
