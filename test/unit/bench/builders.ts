import type { Loop } from '../../bench/measure/load.ts';
import type { Measurement } from '../../bench/measure/measurement.ts';
import type { LoadResults } from '../../bench/measure/results.ts';
import type { SystemName } from '../../bench/measure/system.ts';

interface Given {
  readonly system?: SystemName;
  readonly loop?: Loop;
  readonly perSecond?: number;
  readonly p50?: number;
  readonly p99?: number;
  readonly refused?: number;
  readonly faults?: readonly string[];
  readonly within30s?: number;
}

export const users = (number: number): Loop => ({ kind: 'closed', users: number });
export const rate = (perSecond: number): Loop => ({ kind: 'open', perSecond, mostUsers: 1_000 });

/** A measurement with defaults. */
export const aMeasurement = ({
  system = 'after',
  loop = rate(100),
  perSecond = loop.kind === 'open' ? loop.perSecond : 100,
  p50 = 10,
  p99 = 50,
  refused = 0,
  faults = [],
  within30s,
}: Given = {}): Measurement => ({
  system,
  load: { loop, warmUpS: 1, windowS: 10 },
  seen: {
    answered: perSecond * 10,
    refused,
    dropped: 0,
    latencyMs: {
      avg: p50,
      min: p50,
      med: p50,
      'p(90)': p99,
      'p(95)': p99,
      'p(99)': p99,
      max: p99,
    },
    requests: perSecond * 10,
    cpuSeconds: 1,
  },
  perSecond,
  completedPerSecond: perSecond,
  stages: { untilClaimedMs: 400, untilChargedMs: 5_010 },
  cpuMsPerRequest: { k6: 0.3, front: 3 },
  faults,
  ...(within30s !== undefined && {
    finals: {
      accepted: 100,
      completed: 100,
      within30s,
      medianMs: 5_100,
      p99Ms: 6_000,
      curve: [{ seconds: 30, part: within30s }],
    },
  }),
});

/** Results whose rounds have these measurements in addition to the pairs of every level. */
export const sampleResults = (rounds: readonly (readonly Measurement[])[]): LoadResults => ({
  date: '2026-01-01T00:00:00.000Z',
  machine: {
    processors: '2 x Test',
    memoryGb: 8,
    system: 'Linux',
    node: 'v24',
    k6: 'k6',
    database: 'dynoxide',
    commit: 'abc',
  },
  effort: 'full',
  plannedRounds: rounds.length,
  settings: {
    environments: 3,
    waiting: { 'charge-payment': 40 },
    workerSlots: 200,
    connections: 10,
    outside: { pgMs: 5_000, dataPlatformMs: 3_000, notificationMs: 500 },
  },
  rounds,
  limits: {
    synchronous: [{ tried: [aMeasurement({ system: 'synchronous', p99: 9_000 })], breaksAt: 50 }],
    after: [{ tried: [aMeasurement()], promptUpTo: 100, breaksAt: 200 }],
  },
});
