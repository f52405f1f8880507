import type { Random } from './random.ts';

/**
 * How often each fault occurs, as a probability for each occasion. Names that end in `Ms` are the longest duration
 * or the largest deviation in milliseconds.
 */
export interface FaultMix {
  /** The environment dies before, or after, a call outside takes effect. */
  readonly crashBefore: number;
  readonly crashAfter: number;
  /** AWS throttles the call, which has no effect. */
  readonly throttle: number;
  /** The call takes effect, and its caller gets an error. */
  readonly lostResponse: number;
  /** The call takes effect, its response is lost, and the SDK sends it again. */
  readonly resend: number;
  /** DynamoDB cancels the transaction, or refuses the write, because of another transaction. */
  readonly transactionConflict: number;
  /** The transaction commits, and its caller gets the error of a conflict with itself. */
  readonly transactionInProgress: number;
  readonly slow: number;
  readonly slowMs: number;
  readonly stall: number;
  readonly stallMs: number;
  /** The gateway's connection is refused, or the request or the response is lost, or a proxy answers. */
  readonly gatewayRefused: number;
  readonly gatewayRequestLost: number;
  readonly gatewayResponseLost: number;
  readonly gatewayError: number;
  readonly gatewayReset: number;
  readonly webhookLost: number;
  /** A queue, the bus, a schedule, a stream or the gateway delivers twice. */
  readonly duplicate: number;
  readonly delay: number;
  readonly delayMs: number;
  /** EventBridge rejects an entry of PutEvents. */
  readonly entryRejected: number;
  readonly eventLost: number;
  readonly tickLost: number;
  /** Lambda throttles an invocation. */
  readonly invocationThrottle: number;
  readonly receiverError: number;
  readonly indexLagMs: number;
  readonly staleRead: number;
  /** How far the clocks of environments deviate. */
  readonly skewMs: number;
  /** How many storms there are: for a while, one thing does not work at all. */
  readonly storms: number;
}

export type FaultKind = Exclude<keyof FaultMix, `${string}Ms` | 'storms'>;

const faultless: FaultMix = {
  crashBefore: 0,
  crashAfter: 0,
  throttle: 0,
  lostResponse: 0,
  resend: 0,
  transactionConflict: 0,
  transactionInProgress: 0,
  slow: 0,
  slowMs: 0,
  stall: 0,
  stallMs: 0,
  gatewayRefused: 0,
  gatewayRequestLost: 0,
  gatewayResponseLost: 0,
  gatewayError: 0,
  gatewayReset: 0,
  webhookLost: 0,
  duplicate: 0,
  delay: 0,
  delayMs: 0,
  entryRejected: 0,
  eventLost: 0,
  tickLost: 0,
  invocationThrottle: 0,
  receiverError: 0,
  indexLagMs: 0,
  staleRead: 0,
  skewMs: 0,
  storms: 0,
};

/** No faults but these. */
export const only = (faults: Partial<FaultMix>): FaultMix => ({ ...faultless, ...faults });

/** Swarm testing: each fault is off in about half of the runs, so that some runs have many of few kinds. */
export const swarm = (random: Random, longestDelayMs: number): FaultMix => {
  const sometimes = (low: number, high: number, share = 0.5) =>
    random.chance(share) ? low + random.next() * (high - low) : 0;

  return only({
    crashBefore: sometimes(0.002, 0.03),
    crashAfter: sometimes(0.002, 0.03),
    throttle: sometimes(0.002, 0.05),
    lostResponse: sometimes(0.002, 0.04),
    resend: sometimes(0.002, 0.05),
    transactionConflict: sometimes(0.01, 0.2),
    transactionInProgress: sometimes(0.005, 0.1, 0.3),
    slow: sometimes(0.01, 0.2),
    slowMs: random.between(50, 2_500),
    stall: sometimes(0.002, 0.03),
    stallMs: random.between(500, 25_000),
    gatewayRefused: sometimes(0.01, 0.3, 0.3),
    gatewayRequestLost: sometimes(0.01, 0.2, 0.3),
    gatewayResponseLost: sometimes(0.01, 0.2, 0.4),
    gatewayError: sometimes(0.01, 0.2, 0.3),
    gatewayReset: sometimes(0.01, 0.15, 0.3),
    webhookLost: sometimes(0.2, 1, 0.4),
    duplicate: sometimes(0.02, 0.3),
    delay: sometimes(0.02, 0.3),
    delayMs: Math.min(random.pick([2_000, 30_000, 300_000, 300_000, 86_400_000]), longestDelayMs),
    entryRejected: sometimes(0.01, 0.2, 0.3),
    eventLost: sometimes(0.01, 0.05, 0.15),
    tickLost: sometimes(0.1, 0.8, 0.3),
    invocationThrottle: sometimes(0.02, 0.3, 0.3),
    receiverError: sometimes(0.05, 0.5, 0.3),
    indexLagMs: sometimes(10, 5_000),
    staleRead: sometimes(0.1, 0.9, 0.3),
    skewMs: sometimes(10, 2_000, 0.3),
    storms: random.chance(0.5) ? random.between(1, 4) : 0,
  });
};
