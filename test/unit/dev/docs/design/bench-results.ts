import type { BenchResults } from '../../../../../dev/docs/design/results.ts';
import type { Counts, FunctionCounts } from '../../../../bench/counts/counts.ts';
import { openRates, userLevels } from '../../../../bench/measure/schedule.ts';
import { spreadOf } from '../../../../bench/measure/statistics.ts';
import { needsAt } from '../../../../bench/model/needs.ts';
import { pipelineVariants, quotaRates, scenarios } from '../../../../bench/model/settings.ts';
import { aMeasurement, rate, sampleResults, users } from '../../../bench/builders.ts';

const aRound = (after: number, p99: number) => [
  ...userLevels.flatMap((level) => [
    aMeasurement({ system: 'synchronous', loop: users(level), perSecond: 10, p50: 5_020 }),
    aMeasurement({ loop: users(level), perSecond: after }),
  ]),
  aMeasurement({ system: 'one-transaction', loop: users(50), perSecond: 2.7, p50: 17_900 }),
  ...openRates.map((hoped) => aMeasurement({ loop: rate(hoped), within30s: 1, p99 })),
];

const functionCounts: FunctionCounts = {
  invocations: 1,
  roundTrips: 4,
  writeUnits: 12,
  readUnits: 1,
  logBytes: 500,
  cpuMs: 4,
};
const dynamoRequests = [
  { operation: 'GetItem', tables: ['Orders'], tookMs: 0.5 },
  { operation: 'TransactWriteItems', tables: ['Payments', 'Orders'], tookMs: 2.25 },
];
const counts: Counts = {
  functions: { 'accept-payment': functionCounts, 'charge-payment': functionCounts },
  requests: { 'accept-payment': dynamoRequests },
  written: { Payments: 8 },
  read: { Orders: 1 },
  bytesSent: 1_000,
  bytesReceived: 1_000,
  events: { PaymentReserved: 1 },
  queueRequests: { send: 1 },
  states: 5,
  pgCalls: 1,
};
const start = { bytes: 400_000, tookMs: spreadOf([30]), cpuMs: spreadOf([40]) };
const seen = { ...aMeasurement().seen };

/** Builds the stored results of every benchmark. */
export const sampleBenchResults = ({
  after = 700,
  p99 = 50,
  accepted = 1,
  logBytes = 400,
} = {}): BenchResults => {
  const load = sampleResults([aRound(after, p99)]);
  const { date, machine } = load;
  const deployed = {
    memoryMb: { 'accept-payment': 512, 'charge-payment': 512 },
    behindQueues: ['charge-payment'],
    behindStreams: [],
  };

  return {
    load,
    counts: {
      date,
      machine,
      deployed,
      kinds: {
        approved: { ...counts, batched: { 'accept-payment': { cpuMs: 1, logBytes } } },
        'approved, order sent': counts,
        declined: counts,
        'out of stock': counts,
      },
    },
    cold: {
      date,
      machine,
      rounds: 3,
      functions: { 'accept-payment': start },
      variants: { 'as deployed': { ...start, firstRequest: start } },
      composition: { aftercommit: 40_000 },
    },
    model: {
      date,
      work: { msOfARecord: 15, msOfAPayment: 50 },
      needs: quotaRates.map((perSecond) =>
        needsAt(
          { perSecond, finalMs: 6_000 },
          { counts, deployed, sharedKeys: { Payments: { keys: 4, share: 1 } } },
          1_000,
        ),
      ),
      runs: scenarios.flatMap(({ name: scenario }) =>
        pipelineVariants.map(({ name: pace }) => ({
          pace,
          scenario,
          said: {
            within30s: 1,
            medianMs: 6_200,
            p99Ms: 6_800,
            p999Ms: 6_900,
            inABatch: 8,
            chargers: 600,
          },
        })),
      ),
    },
    gateway: { date, machine, runs: [{ users: 1, perSecond: 70, seen }] },
    conflict: {
      date,
      runs: [50, 100].map((stockShards) => ({
        scenario: { perSecond: 1_000, holdMs: 15, stockShards, seconds: 14, warmUpSeconds: 7 },
        result: {
          accepted,
          medianMs: 20,
          p99Ms: 9_000 / stockShards,
          transactionsEach: 2,
          conflictsEach: 0.1,
          stock: { available: 10, reserved: 0, sold: 5, received: 15 },
          acceptedTotal: 5,
          settledTotal: 5,
        },
      })),
    },
  };
};
