import type { ChargerSettings, Pollers } from './charger.ts';
import type { Scenario } from './model.ts';
import type { RelaySettings } from './relay.ts';

/** The settings that affect the time from accept to the final status. */
export interface PipelineSettings {
  readonly name: string;
  /** Concurrent relay batches per shard. */
  readonly parallelization: number;
  readonly windowMs: number;
  readonly pollers: Pollers;
}

/** A new on-demand table takes four thousand write units per second, which is four shards. */
export const shards = 4;
export const shardsSource =
  'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html (initial throughput of a new table: 4,000 writes a second)';

export const chargeBatch = 25;
/** SQS needs a batching window for more. */
const maxBatchWithoutWindow = 10;
export const relayBatch = 100;

/** The production settings of cdk/stages.ts. */
export const production: PipelineSettings = {
  name: 'production',
  parallelization: 10,
  windowMs: 1_000,
  pollers: { kind: 'provisioned', least: 10, most: 20 },
};

/** Production in an account with more executions than the default quota: `charge-payment` may have 1,000. */
export const raised: PipelineSettings = {
  ...production,
  name: 'production, 1,000 chargers at most',
  pollers: { kind: 'provisioned', least: 10, most: 100 },
};

const standard = (most: number): Pollers => ({ kind: 'standard', most });

/** Production, and settings that differ from `raised` in one point. */
export const pipelineVariants: readonly PipelineSettings[] = [
  { ...raised, name: 'one relay a shard', parallelization: 1 },
  { ...raised, name: 'no batching window', windowMs: 0 },
  { ...raised, name: 'AWS’s own ramp, 10 chargers at most', pollers: standard(10) },
  { ...raised, name: 'AWS’s own ramp, 600 chargers at most', pollers: standard(600) },
  { ...raised, name: 'AWS’s own ramp, 1,000 chargers at most', pollers: standard(1_000) },
  {
    ...raised,
    name: '2 pollers at first',
    pollers: { kind: 'provisioned', least: 2, most: 100 },
  },
  raised,
  production,
];

export const scenarios: readonly Scenario[] = [
  {
    name: '40/s, steady',
    perSecond: 40,
    seconds: 120,
    warmUpSeconds: 20,
    isWarm: true,
  },
  {
    name: '140.8/s, steady',
    perSecond: 140.8,
    seconds: 120,
    warmUpSeconds: 20,
    isWarm: true,
  },
  {
    name: '140.8/s, from cold',
    perSecond: 140.8,
    seconds: 240,
    warmUpSeconds: 0,
    isWarm: false,
  },
  {
    name: '1,000/s, steady',
    perSecond: 1_000,
    seconds: 60,
    warmUpSeconds: 20,
    isWarm: true,
  },
  {
    name: '1,000/s, from cold',
    perSecond: 1_000,
    seconds: 240,
    warmUpSeconds: 0,
    isWarm: false,
  },
];

/** The rates whose quotas are computed: payments a second. */
export const quotaRates = [10, 100, 140.8, 1_000];

/** The measured computing time of our code: milliseconds on the function's share of a processor. */
export interface MeasuredWork {
  readonly msOfARecord: number;
  readonly msOfAPayment: number;
}

export const relayOf = (
  { parallelization }: PipelineSettings,
  { msOfARecord }: MeasuredWork,
): RelaySettings => ({
  lanes: shards * parallelization,
  batchSize: relayBatch,
  msOfARecord,
});

export const chargerOf = (
  { windowMs, pollers }: PipelineSettings,
  { msOfAPayment }: MeasuredWork,
): Omit<ChargerSettings, 'isWarm'> => ({
  batchSize: windowMs > 0 ? chargeBatch : maxBatchWithoutWindow,
  windowMs,
  pollers,
  msOfAPayment,
});
