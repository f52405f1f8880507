import { quantile } from '../measure/time-to-final-status.ts';
import { type ChargerSettings, simulateCharger } from './charger.ts';
import { latencies } from './latencies.ts';
import { createRandom, exponential } from './random.ts';
import { publishTimes, type RelaySettings } from './relay.ts';

export interface Scenario {
  readonly name: string;
  readonly perSecond: number;
  /** How long payments come. */
  readonly seconds: number;
  /** Payments of the first so many seconds are not looked at. */
  readonly warmUpSeconds: number;
  readonly isWarm: boolean;
}

export interface ModelResult {
  /** Of the payments, the part that is final within 30 s of its accept. */
  readonly within30s: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  /** Payments in a batch, on average. */
  readonly inABatch: number;
  /** Chargers at work at a time, at most. */
  readonly chargers: number;
}

const objectiveMs = 30_000;

/** Times from accept to final of payments that come by chance, so many a second on average. */
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
  // Nine in ten within that time: then the mean of an exponential is so much of it.
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
