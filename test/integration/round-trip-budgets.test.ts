import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stages } from '../../cdk/stages.ts';
import { type Emulator, startEmulator } from '../../dev/local/emulator.ts';
import { savings } from '../bench/cost/report.ts';
import { batchSize } from '../bench/counts/batches.ts';
import { openCounter } from '../bench/counts/counter.ts';
import { type Counts, total } from '../bench/counts/counts.ts';
import { type PaymentKind, paymentKinds } from '../bench/counts/kinds.ts';
import { deployedBy } from '../bench/counts/results.ts';
import { createClient, createTables } from '../bench/database/tables.ts';
import { writeBundles } from '../bench/host/bundles.ts';
import { readDeployment } from '../support/cdk/deployment.ts';

/** Budgets are counts, not times, so that they hold on any machine. A comment names the goal of those that exceed it. */
const budgets = {
  // One read of the order and one transaction: the payment item is the idempotency record.
  roundTripsAtAccept: 2,
  // The transaction alone.
  roundTripsAtAcceptOfSentOrder: 1,
  // Payment, order, balance and product, two units each in a transaction: the goal is these 8.
  // The payment's entries in the indexes byUser and byDue make it 10.
  writeUnitsAtAccept: 10,
  // Two more than at accept: the order is read again, and a second transaction stores the rejection.
  roundTripsAtRejection: 4,
  // Eight of the refused transaction, two of the payment and one of its index, two of the order.
  writeUnitsAtRejection: 13,
  // A read of the payment and of its order, and one transaction.
  roundTripsOfTheCompensation: 3,
  writeUnitsOfTheCompensation: 17,
  // A read and a write of the payment, and the two writes of the idempotency record.
  roundTripsAtConfirm: 4,
  // Payment, idempotency record twice, and the payment's entry in the index byDue, which moves.
  writeUnitsAtConfirm: 5,
  // From accept to the last listener. No function but those of a route has a record of its own.
  // Two of them are the reads of points and ranking, which use the stored payment in place of its event.
  roundTripsOfThePayment: 15,
  writeUnitsOfThePayment: 28, // goal 26
  // A payment enters both indexes at accept and leaves byDue at its end. No other write reaches them.
  indexUnits: { 'Payments.byUser': 1, 'Payments.byDue': 2 },
  eventsOfThePayment: 2,
  statesOnTheHappyPath: 0,
  // What a process that ends may leave unknown.
  chargesInFlight: 25,
  timesCheaper: 2, // goal 3
  logBytes: 4_660,
  // 1,281 if all share their batches; each further batch has a line of its own.
  logBytesInBatches: 1_500,
  bundleBytes: { 'accept-payment': 418 * 1_024, 'confirm-payment': 441 * 1_024 }, // goal 60 KB
};

const deployment = readDeployment('local');
const bundles = writeBundles();
const counted = new Map<string, Counts>();
let directory: string;
let emulator: Emulator;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aftercommit-budgets-'));
  // A separate database, so that the deployed stack's requests are not counted.
  emulator = await startEmulator({ logFile: join(directory, 'log'), lambdaConcurrency: 1 });
  await createTables(createClient(emulator.endpoint), deployment.tables);
  const alone = await openCounter(counterOptions());
  for (const kind of paymentKinds) counted.set(kind.name, await alone.count(kind));
  await alone.close();
});

afterAll(async () => {
  await emulator?.close();
  bundles.clear();
  await rm(directory, { recursive: true, force: true });
});

const confirmed = 'confirmed with its payment method';

const counterOptions = () => ({
  deployment,
  bundles: bundles.paths,
  database: emulator.endpoint,
});

const countsOf = (kind: string): Counts => {
  const counts = counted.get(kind);
  if (counts === undefined) throw new Error(`The kind "${kind}" is not counted.`);

  return counts;
};

const acceptOf = (kind: string) => countsOf(kind).functions['accept-payment'];

it('accepts a payment of one sku within its round trips and write units', () => {
  expect(acceptOf('approved')?.roundTrips).toBeLessThanOrEqual(budgets.roundTripsAtAccept);
  expect(acceptOf('approved')?.writeUnits).toBeLessThanOrEqual(budgets.writeUnitsAtAccept);
});

it('accepts a payment whose request has the order in one round trip, without a read', () => {
  const [plain, sent] = [acceptOf('approved'), acceptOf('approved, order sent')];

  expect(sent).toMatchObject({
    roundTrips: budgets.roundTripsAtAcceptOfSentOrder,
    readUnits: 0,
    writeUnits: plain?.writeUnits,
  });
});

it('accepts a payment without its payment method at the same cost', () => {
  const [atOnce, waiting] = [acceptOf('approved'), acceptOf(confirmed)];

  expect(waiting).toMatchObject({
    roundTrips: atOnce?.roundTrips,
    writeUnits: atOnce?.writeUnits,
    readUnits: atOnce?.readUnits,
  });
});

it('confirms a payment within its round trips and write units', () => {
  const { functions, pgCalls } = countsOf(confirmed);
  const confirm = functions['confirm-payment'];

  expect(confirm?.roundTrips).toBeLessThanOrEqual(budgets.roundTripsAtConfirm);
  expect(confirm?.writeUnits).toBeLessThanOrEqual(budgets.writeUnitsAtConfirm);
  expect(pgCalls).toBe(countsOf('approved').pgCalls);
});

it('processes an approved payment of one sku within its round trips and write units', () => {
  const counts = countsOf('approved');

  expect(total(counts, 'roundTrips')).toBeLessThanOrEqual(budgets.roundTripsOfThePayment);
  expect(total(counts, 'writeUnits')).toBeLessThanOrEqual(budgets.writeUnitsOfThePayment);
  expect(counts.written).not.toHaveProperty('Idempotency');
  expect(counts.written).toMatchObject(budgets.indexUnits);
});

it.each(['out of stock', 'balance too small'])(
  'ends a payment at accept that is rejected: %s',
  (kind) => {
    const { events, states, functions } = countsOf(kind);

    expect(acceptOf(kind)?.roundTrips).toBeLessThanOrEqual(budgets.roundTripsAtRejection);
    expect(acceptOf(kind)?.writeUnits).toBeLessThanOrEqual(budgets.writeUnitsAtRejection);
    expect(states).toBe(0);
    expect(events).toEqual({ OrderCancelled: 1, PaymentCompensated: 1 });
    expect(Object.keys(functions).toSorted()).toEqual([
      'accept-payment',
      'notify-buyer',
      'relay-changes',
    ]);
  },
);

it('needs one more transactional write for each additional sku', () => {
  const [one, three] = [acceptOf('approved'), acceptOf('approved, three skus')];

  expect(three?.roundTrips).toBe(one?.roundTrips);
  expect(three?.writeUnits).toBe((one?.writeUnits ?? 0) + 4);
});

it('answers a repeated request from the stored payment without a write', () => {
  const [once, twice] = [countsOf('approved'), countsOf('approved, sent twice')];

  expect(twice.written).toEqual(once.written);
  expect(twice.functions['accept-payment']?.invocations).toBe(2);
  expect({ ...twice.events, pg: twice.pgCalls }).toEqual({ ...once.events, pg: once.pgCalls });
});

it('publishes two events for a successful payment and one for each effect', () => {
  const {
    PaymentReserved = 0,
    PaymentCompleted = 0,
    ...consequences
  } = countsOf('approved').events;

  expect(PaymentReserved + PaymentCompleted).toBe(budgets.eventsOfThePayment);
  expect(consequences).toEqual({ PointsAdded: 1 });
});

it('runs no state machine for a successful payment', () => {
  expect(countsOf('approved').states).toBe(budgets.statesOnTheHappyPath);
});

it('compensates a declined payment in one transaction, without a state machine', () => {
  const { events, states, functions } = countsOf('declined');
  const compensation = functions['compensate-payment'];

  expect(states).toBe(0);
  expect(compensation?.roundTrips).toBeLessThanOrEqual(budgets.roundTripsOfTheCompensation);
  expect(compensation?.writeUnits).toBeLessThanOrEqual(budgets.writeUnitsOfTheCompensation);
  expect(Object.keys(functions)).not.toContain('finish-compensation');
  expect(events).not.toHaveProperty('PaymentCompensationStarted');
});

it('charges at most one batch concurrently in one invocation', () => {
  const { chargeBatchSize } = stages.production;

  expect(countsOf('approved').pgCalls * chargeBatchSize).toBeLessThanOrEqual(
    budgets.chargesInFlight,
  );
});

it('writes the balance only for a part that it pays', () => {
  const [both, card, balance] = ['approved', 'by the gateway alone', 'from the balance alone'].map(
    acceptOf,
  );

  expect(balance?.writeUnits).toBe(both?.writeUnits);
  expect(card?.writeUnits).toBe((both?.writeUnits ?? 0) - 2);
  expect(countsOf('from the balance alone').pgCalls).toBe(0);
});

it('makes no gateway call for a zero total', () => {
  expect(countsOf('covered by its coupon').pgCalls).toBe(0);
  expect(countsOf('out of stock').pgCalls).toBe(0);
  expect(countsOf('balance too small').pgCalls).toBe(0);
});

it('costs a fraction of one charge an invocation', () => {
  const { functions, ...counts } = countsOf('approved');
  // Processor time of this machine is not a count.
  const timeless = Object.entries(functions).map(([name, own]) => [name, { ...own, cpuMs: 0 }]);
  const { whole, lambda } = savings(
    { ...counts, functions: Object.fromEntries(timeless) },
    deployedBy(deployment),
  );

  expect(whole).toBeGreaterThanOrEqual(budgets.timesCheaper);
  expect(lambda).toBeGreaterThanOrEqual(3);
});

it('keeps the log bytes of a payment within the budget', () => {
  expect(total(countsOf('approved'), 'logBytes')).toBeLessThanOrEqual(budgets.logBytes);
});

it('keeps the log bytes of a payment in a batch within the budget', async () => {
  const counter = await openCounter({ ...counterOptions(), batchMs: 3_000 });
  const logBytes: number[] = [];
  // Again if the machine was so busy that the payments did not share their batches.
  while (logBytes.length < 3 && !(Math.min(...logBytes) <= budgets.logBytesInBatches)) {
    const counts = await counter.count(paymentKinds[0] as PaymentKind, batchSize);
    logBytes.push(total(counts, 'logBytes') / batchSize);
  }
  await counter.close();

  expect(Math.min(...logBytes)).toBeLessThanOrEqual(budgets.logBytesInBatches);
});

it.each(Object.entries(budgets.bundleBytes))(
  'keeps the %s bundle within %i bytes',
  (folder, maxBytes) => {
    const { size } = statSync(bundles.paths[folder] ?? '');

    expect(size).toBeLessThanOrEqual(maxBytes);
  },
);
