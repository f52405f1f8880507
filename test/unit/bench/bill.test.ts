import { describe, expect, it } from 'vitest';
import {
  batched,
  billedMs,
  billOf,
  oneByOne,
  totalOf,
  withProvisionedWrites,
} from '../../bench/cost/bill.ts';
import { prices } from '../../bench/cost/prices.ts';
import { costReport, savings } from '../../bench/cost/report.ts';
import { type Counts, countsOf, type Observations, total } from '../../bench/counts/counts.ts';

const own = { invocations: 1, roundTrips: 2, writeUnits: 3, readUnits: 1, logBytes: 500, cpuMs: 4 };
const counts: Counts = {
  functions: { 'accept-payment': own, 'charge-payment': own, 'relay-changes': own },
  requests: {},
  written: { Payments: 5, 'Payments.byUser': 1 },
  read: { Payments: 2 },
  bytesSent: 1_000,
  bytesReceived: 500,
  events: { PaymentReserved: 1, PaymentCompleted: 1 },
  queueRequests: { send: 1, receive: 1, delete: 1 },
  states: 2,
  pgCalls: 1,
};
const deployed = {
  memoryMb: { 'accept-payment': 1_769, 'charge-payment': 512, 'relay-changes': 1_769 },
  behindQueues: ['charge-payment'],
  behindStreams: ['relay-changes'],
};
const linesOf = (shape: typeof batched) =>
  Object.fromEntries(billOf(counts, deployed, shape).map((line) => [line.name, line]));

describe('billed time of a function', () => {
  it('adds computing time and waiting time', () => {
    expect(billedMs('accept-payment', own, deployed, batched)).toBe(4 + 2 * 5);
  });

  it('increases with a smaller share of a processor', () => {
    const { 'charge-payment': memory } = deployed.memoryMb;

    expect(billedMs('charge-payment', own, deployed, oneByOne)).toBeCloseTo(
      4 / (memory / 1_769) + 2 * 5 + 5_000,
    );
  });

  it('includes the wait once per batch and the computing per message', () => {
    const alone = billedMs('charge-payment', own, deployed, oneByOne);
    const together = billedMs('charge-payment', own, deployed, batched);

    expect(alone - together).toBeCloseTo(0.96 * (2 * 5 + 5_000));
  });
});

describe('cost of a million payments', () => {
  it('lists each charged item at its price', () => {
    const lines = linesOf(oneByOne);

    expect(lines['DynamoDB, write units']).toMatchObject({
      quantity: 6,
      dollars: expect.closeTo(6 * 0.625),
    });
    expect(lines['EventBridge, events']).toMatchObject({ quantity: 2, dollars: 2 });
    expect(lines['SQS, requests']).toMatchObject({ quantity: 3, dollars: expect.closeTo(1.2) });
    expect(lines['Lambda, invocations']).toMatchObject({ quantity: 3 });
    expect(lines['Step Functions, transitions']?.dollars).toBeCloseTo(50);
    expect(lines['CloudWatch, GB of logs']?.dollars).toBeCloseTo(0.75);
  });

  it('has fewer invocations and polls with batches', () => {
    const lines = linesOf(batched);

    expect(lines['Lambda, invocations']?.quantity).toBeCloseTo(1 + 1 / 25 + 1 / 10);
    expect(lines['SQS, requests']?.quantity).toBeCloseTo(1.2);
    expect(lines['DynamoDB, write units']?.quantity).toBe(6);
  });

  it('bills in batches the processor time and the log bytes that were counted in batches', () => {
    const inBatches = { ...counts, batched: { 'charge-payment': { cpuMs: 1, logBytes: 200 } } };
    const bill = (shape: typeof batched) =>
      Object.fromEntries(billOf(inBatches, deployed, shape).map((line) => [line.name, line]));
    const waiting = 'Lambda, GB-seconds of functions that wait for the gateway and other systems';

    expect(bill(batched)['CloudWatch, GB of logs']?.quantity).toBeCloseTo(1_200 / 1e9);
    expect(bill(batched)[waiting]?.quantity).toBeLessThan(linesOf(batched)[waiting]?.quantity ?? 0);
    expect(bill(oneByOne)).toEqual(linesOf(oneByOne));
  });

  it('prices provisioned writes by the hours of the capacity that the load needs', () => {
    const onDemand = billOf(counts, deployed, batched);
    const provisioned = withProvisionedWrites(onDemand);
    // Six units a second in use, of 6 / 0.7 that are paid for, at $0.00065 an hour: a million take 1e6 / 3,600 hours.
    const dollars = ((6 / 0.7) * 0.00065 * 1e6) / 3_600;
    const others = (bill: typeof onDemand) =>
      bill.filter(({ name }) => !name.startsWith('DynamoDB, write units'));

    expect(provisioned.find(({ name }) => name === 'DynamoDB, write units, provisioned')).toEqual({
      name: 'DynamoDB, write units, provisioned',
      quantity: 6,
      dollars: expect.closeTo(dollars),
    });
    expect(others(provisioned)).toEqual(others(onDemand));
    expect(provisioned).toHaveLength(onDemand.length);
  });

  it('returns the savings of batches', () => {
    const { whole, lambda, waiting } = savings(counts, deployed);
    const [ours, theirs] = [batched, oneByOne].map((shape) =>
      totalOf(billOf(counts, deployed, shape)),
    );

    expect(whole).toBeCloseTo((theirs ?? 0) / (ours ?? 1));
    expect(lambda).toBeGreaterThan(whole);
    expect(waiting).toBeGreaterThan(lambda);
  });

  it('prints the source and the date of every price', () => {
    const machine = {} as never;
    const printed = costReport({
      date: '2026-01-01',
      machine,
      deployed,
      kinds: { approved: counts },
    });

    for (const { source, dated } of Object.values(prices)) {
      expect(printed).toContain(source);
      expect(printed).toContain(dated);
    }
  });
});

describe('counts', () => {
  const observations: Observations = {
    trips: [
      {
        by: 'accept-payment',
        operation: 'TransactWriteItems',
        tables: ['Payments'],
        tookMs: 4,
        bytesSent: 10,
        bytesReceived: 5,
        read: [],
        written: [
          { of: 'Payments', units: 2 },
          { of: 'Payments.byUser', units: 1 },
        ],
      },
      {
        by: 'accept-payment',
        operation: 'GetItem',
        tables: ['Orders'],
        tookMs: 1,
        bytesSent: 1,
        bytesReceived: 20,
        read: [{ of: 'Orders', units: 1 }],
        written: [],
      },
    ],
    invocations: [
      { folder: 'accept-payment', result: { durationMs: 9, cpuMs: 3, logBytes: 100 } },
      { folder: 'relay-changes', result: { durationMs: 2, cpuMs: 1, logBytes: 50 } },
    ],
    billedItems: [
      { what: 'events', name: 'PaymentReserved' },
      { what: 'events', name: 'PaymentReserved' },
      { what: 'states', name: 'Undo' },
    ],
    pgCalls: 1,
  };

  it('groups by function, table and name', () => {
    const found = countsOf(observations);

    expect(found.functions['accept-payment']).toEqual({
      invocations: 1,
      roundTrips: 2,
      writeUnits: 3,
      readUnits: 1,
      logBytes: 100,
      cpuMs: 3,
    });
    expect(found).toMatchObject({
      written: { Payments: 2, 'Payments.byUser': 1 },
      read: { Orders: 1 },
      bytesSent: 11,
      bytesReceived: 25,
      events: { PaymentReserved: 2 },
      states: 1,
      pgCalls: 1,
    });
    expect(total(found, 'logBytes')).toBe(150);
  });

  it('keeps the requests of a function that ran once in order', () => {
    expect(countsOf(observations).requests).toEqual({
      'accept-payment': [
        { operation: 'TransactWriteItems', tables: ['Payments'], tookMs: 4 },
        { operation: 'GetItem', tables: ['Orders'], tookMs: 1 },
      ],
      'relay-changes': [],
    });
  });
});
