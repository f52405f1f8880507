import type { FaultKind, FaultMix } from './fault-mix.ts';
import type { Random } from './random.ts';
import type { VirtualTime } from './time.ts';

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
