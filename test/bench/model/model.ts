import { quantile } from '../measure/time-to-final-status.ts';
import { type ChargerSettings, simulateCharger } from './charger.ts';
import { latencies } from './latencies.ts';
import { createRandom, exponential } from './random.ts';
import { publishTimes, type RelaySettings } from './relay.ts';

export interface Scenario {
  readonly name: string;
  readonly perSecond: number;
  /** How long payments arrive. */
  readonly seconds: number;
  /** The warm-up, whose payments are ignored. */
  readonly warmUpSeconds: number;
  readonly isWarm: boolean;
}

export interface ModelResult {
  /** The share of payments that are final within 30 s of their accept. */
  readonly within30s: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  /** The average number of payments per batch. */
  readonly inABatch: number;
  /** The maximum number of concurrent chargers. */
  readonly chargers: number;
}

const objectiveMs = 30_000;

/** Models the time from accept to the final status for random arrivals at an average rate. */
export const simulatePayments = (
  { perSecond, seconds, warmUpSeconds, isWarm }: Scenario,
  relay: RelaySettings,
  charger: Omit<ChargerSettings, 'isWarm'>,
  seed = 1,
): ModelResult => {
  const random = createRandom(seed);
  const acceptedAt: number[] = [];
  for (let at = 0; at < seconds * 1_000; at += exponential(random, 1_000 / perSecond)) {
    acceptedAt.push(at);
  }
  // The mean of an exponential distribution whose 90th percentile is the given time.
  const busMeanMs = latencies.eventBridgeP90Ms.value / Math.log(10);
  const queuedAt = publishTimes(acceptedAt, relay, random).map(
    (at) => at + exponential(random, busMeanMs),
  );
  const order = queuedAt.map((_, index) => index).sort((a, b) => at(queuedAt, a) - at(queuedAt, b));
  const { finalAt, batches, peak } = simulateCharger(
    order.map((index) => at(queuedAt, index)),
    { ...charger, isWarm },
  );
  const took = order
    .map((index, place) => ({ accepted: at(acceptedAt, index), final: at(finalAt, place) }))
    .filter(({ accepted }) => accepted >= warmUpSeconds * 1_000)
    .map(({ accepted, final }) => final - accepted)
    .sort((a, b) => a - b);

  return {
    within30s: took.filter((ms) => ms <= objectiveMs).length / took.length,
    medianMs: quantile(took, 0.5),
    p99Ms: quantile(took, 0.99),
    p999Ms: quantile(took, 0.999),
    inABatch: acceptedAt.length / batches,
    chargers: peak,
  };
};

const at = (numbers: readonly number[], index: number): number => numbers[index] as number;
