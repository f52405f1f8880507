import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../dev/local/emulator.ts';
import { savings } from '../bench/cost/report.ts';
import { openCounter } from '../bench/counts/counter.ts';
import { type Counts, total } from '../bench/counts/counts.ts';
import { paymentKinds } from '../bench/counts/kinds.ts';
import { deployedBy } from '../bench/counts/results.ts';
import { writeBundles } from '../bench/host/bundles.ts';
import { readPlan } from '../bench/host/plan.ts';

/** Counted, not timed, so that they hold on any machine. What is above its goal says so. */
const budgets = {
  // The order is read, and all is written at once: the payment is the record of its key.
  roundTripsAtAccept: 2,
  // Payment, order, balance and product, each twice because a transaction writes so: the goal is these 8. The payment's entries in two indexes
  // make it 10: lists are read from byUser, and from byDue is known which payment's event was lost.
  writeUnitsAtAccept: 10,
  eventsOfThePayment: 2,
  statesOnTheHappyPath: 0,
  chargesInFlight: 10,
  timesCheaper: 2, // goal 3
  logBytes: 5_300, // goal 1,500
  bundleBytes: 450 * 1_024, // goal 60 KB
};

const plan = readPlan('local');
const bundles = writeBundles();
const counted = new Map<string, Counts>();
let directory: string;
let emulator: Emulator;
let counter: Awaited<ReturnType<typeof openCounter>>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aftercommit-budgets-'));
  // A database of its own: what the deployed stack does with its tables is not to be counted.
  emulator = await startEmulator({ logFile: join(directory, 'log'), lambdaConcurrency: 1 });
  counter = await openCounter({
    plan,
    bundles: bundles.paths,
    database: emulator.endpoint,
  });
  for (const kind of paymentKinds) counted.set(kind.name, await counter.count(kind));
});

afterAll(async () => {
  await counter?.close();
  await emulator?.close();
  bundles.clear();
  await rm(directory, { recursive: true, force: true });
});

const of = (kind: string): Counts => {
  const counts = counted.get(kind);
  if (counts === undefined) throw new Error(`Nobody counted "${kind}".`);

  return counts;
};

const acceptOf = (kind: string) => of(kind).functions['accept-payment'];

it('accepts a payment of one sku within its round trips and write units', () => {
  expect(acceptOf('approved')?.roundTrips).toBeLessThanOrEqual(budgets.roundTripsAtAccept);
  expect(acceptOf('approved')?.writeUnits).toBeLessThanOrEqual(budgets.writeUnitsAtAccept);
});

it('asks for one transactional write more for each sku more', () => {
  const [one, three] = [acceptOf('approved'), acceptOf('approved, three skus')];

  expect(three?.roundTrips).toBe(one?.roundTrips);
  expect(three?.writeUnits).toBe((one?.writeUnits ?? 0) + 4);
});

it('answers a request that comes again from what is stored, and writes nothing more', () => {
  const [once, twice] = [of('approved'), of('approved, sent twice')];

  expect(twice.written).toEqual(once.written);
  expect(twice.functions['accept-payment']?.invocations).toBe(2);
  expect({ ...twice.events, pg: twice.pgCalls }).toEqual({ ...once.events, pg: once.pgCalls });
});

it('tells of a payment that goes well by two events, and what follows from it by one each', () => {
  const { PaymentReserved = 0, PaymentCompleted = 0, ...consequences } = of('approved').events;

  expect(PaymentReserved + PaymentCompleted).toBe(budgets.eventsOfThePayment);
  expect(consequences).toEqual({ OrderCompleted: 1, PointsAdded: 1 });
});

it('runs no state machine where nothing is to be undone', () => {
  expect(of('approved').states).toBe(budgets.statesOnTheHappyPath);
  expect(of('declined').states).toBeGreaterThan(0);
});

it('has no more charges in flight in one invocation than its batch has messages', () => {
  const { batchSize = 0 } = plan.consumers.find(({ folder }) => folder === 'charge-payment') ?? {};

  expect(of('approved').pgCalls * batchSize).toBeLessThanOrEqual(budgets.chargesInFlight);
});

it('asks the PG nothing where nothing is to be charged', () => {
  expect(of('covered by its coupon').pgCalls).toBe(0);
  expect(of('out of stock').pgCalls).toBe(0);
  expect(of('balance too small').pgCalls).toBe(0);
});

it('costs a part of what one charge an invocation would cost', () => {
  const { functions, ...counts } = of('approved');
  // What this machine's processor needed is no count.
  const timeless = Object.entries(functions).map(([name, own]) => [name, { ...own, cpuMs: 0 }]);
  const { whole, lambda } = savings(
    { ...counts, functions: Object.fromEntries(timeless) },
    deployedBy(plan),
  );

  expect(whole).toBeGreaterThanOrEqual(budgets.timesCheaper);
  expect(lambda).toBeGreaterThanOrEqual(3);
});

it('logs little', () => {
  expect(total(of('approved'), 'logBytes')).toBeLessThanOrEqual(budgets.logBytes);
});

it('deploys a small accept-payment', () => {
  const { size } = statSync(bundles.paths['accept-payment'] ?? '');

  expect(size).toBeLessThanOrEqual(budgets.bundleBytes);
});
