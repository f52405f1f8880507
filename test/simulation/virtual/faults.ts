import type { Random } from './random.ts';
import type { VirtualTime } from './time.ts';

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
  /** The transaction commits, and its caller hears of a conflict with itself. */
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

/** For a while, one thing does not work at all. */
export interface Storm {
  /** `gateway`, `bus`, `queues`, `receivers`, `table Payments`, `function charge-payment`. */
  readonly subject: string;
  readonly from: number;
  readonly to: number;
}

interface FaultsOptions {
  readonly mix: FaultMix;
  readonly random: Random;
  readonly time: VirtualTime;
  /** The names of the faults that occur; all by default. Shrinking leaves some out. */
  readonly kept?: ReadonlySet<string>;
  /** Called with the name of each fault when it occurs. */
  readonly onFault?: (name: string) => void;
}

/** How often a kind of fault could have occurred at one place, and its own randomness there. */
interface Occasions {
  readonly random: Random;
  count: number;
}

/** Deviations that last for a run. They have names as faults do. */
const lasting = { 'index lag': 'indexLagMs', 'clock skew': 'skewMs' } as const;

const onlyKept = (mix: FaultMix, kept: ReadonlySet<string> | undefined): FaultMix => {
  const isLeftOut = (name: string) => kept !== undefined && !kept.has(name);

  return {
    ...mix,
    ...Object.fromEntries(
      Object.entries(lasting).flatMap(([name, key]) => (isLeftOut(name) ? [[key, 0]] : [])),
    ),
  };
};

/**
 * Decides which faults occur. Each has a name of its kind, its place and its number there: `crashAfter charge-payment
 * dynamodb:Update 3`. Each kind has its own randomness at each place, so that a run without some faults has the
 * others at the same calls.
 */
export class Faults {
  readonly mix: FaultMix;
  readonly storms: Storm[] = [];
  /** How often each fault occurred, by kind and place: `crashAfter charge-payment dynamodb:Update`. */
  readonly taken = new Map<string, number>();
  readonly #random: Random;
  readonly #time: VirtualTime;
  readonly #kept: ReadonlySet<string> | undefined;
  readonly #onFault: (name: string) => void;
  readonly #occasions = new Map<string, Occasions>();
  readonly #names: string[];
  /** Decides the details of the fault that occurred last. */
  #details: Random;
  #isCalm = false;

  constructor({ mix, random, time, kept, onFault = () => {} }: FaultsOptions) {
    this.mix = onlyKept(mix, kept);
    this.#random = random;
    this.#details = random.fork('details');
    this.#time = time;
    this.#kept = kept;
    this.#onFault = onFault;
    this.#names = Object.entries(lasting).flatMap(([name, key]) =>
      this.mix[key] > 0 ? [name] : [],
    );
  }

  /** The names of the faults that occurred, storms included. */
  get names(): readonly string[] {
    return this.#names;
  }

  get isCalm(): boolean {
    return this.#isCalm;
  }

  /** From now on no fault occurs. */
  calmDown(): void {
    this.#isCalm = true;
  }

  /** Whether a fault of this kind occurs here and now. `factor` makes it rarer. */
  occurs(kind: FaultKind, place: string, factor = 1): boolean {
    const probability = this.mix[kind] * factor;
    if (this.#isCalm || probability === 0) return false;
    const fault = `${kind} ${place}`;
    const occasions = this.#occasionsOf(fault);
    occasions.count += 1;
    if (!occasions.random.chance(probability)) return false;
    const name = `${fault} ${occasions.count}`;
    if (!this.#isKept(name)) return false;
    this.record(fault);
    this.#details = this.#random.fork(name);
    this.#onFault(name);

    return true;
  }

  /** A duration of up to `mostMs` for the last fault. */
  duration(mostMs: number): number {
    return this.#details.between(1, Math.max(1, Math.ceil(mostMs)));
  }

  /** A choice for the last fault. */
  pick<T>(list: readonly T[]): T {
    return this.#details.pick(list);
  }

  /** Plans the storms of the mix within the next milliseconds. */
  planStorms(subjects: readonly string[], withinMs: number, longestMs: number): void {
    for (let count = 1; count <= this.mix.storms; count += 1) {
      const random = this.#random.fork(`storm ${count}`);
      const from = this.#time.now + random.between(0, withinMs);
      const storm = {
        subject: random.pick(subjects),
        from,
        to: from + random.between(5_000, longestMs),
      };
      if (this.#isKept(`storm ${count}`)) this.storms.push(storm);
    }
  }

  /** Whether a storm hits this now. */
  isStormy(subject: string): boolean {
    if (this.#isCalm || this.storms.length === 0) return false;
    const { now } = this.#time;
    const isHit = this.storms.some(
      (storm) => storm.subject === subject && storm.from <= now && now < storm.to,
    );
    if (isHit) this.record(`storm ${subject}`);

    return isHit;
  }

  record(fault: string): void {
    this.taken.set(fault, (this.taken.get(fault) ?? 0) + 1);
  }

  #occasionsOf(fault: string): Occasions {
    const found = this.#occasions.get(fault);
    if (found !== undefined) return found;
    const occasions = { random: this.#random.fork(fault), count: 0 };
    this.#occasions.set(fault, occasions);

    return occasions;
  }

  /** Whether the run has this fault, whose name is noted then. */
  #isKept(name: string): boolean {
    const isKept = this.#kept?.has(name) ?? true;
    if (isKept) this.#names.push(name);

    return isKept;
  }
}
