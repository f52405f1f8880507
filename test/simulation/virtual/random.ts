import { hash } from 'node:crypto';

const maxUint32 = 2 ** 32;

/**
 * Seeded randomness: one seed gives the same values on every machine. A fork has a stream of its own, so that
 * one more call in one place does not change the values in another.
 */
export class Random {
  readonly #seed: string;
  #state: number;

  constructor(seed: string | number) {
    this.#seed = String(seed);
    this.#state = hash('sha256', this.#seed, 'buffer').readUInt32LE(0);
  }

  /** The generator of a named part; the same name gives the same stream. */
  fork(name: string): Random {
    return new Random(`${this.#seed}/${name}`);
  }

  /** From 0, including, to 1, excluding (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);

    return ((mixed ^ (mixed >>> 14)) >>> 0) / maxUint32;
  }

  chance(probability: number): boolean {
    return probability > 0 && this.next() < probability;
  }

  /** An integer from `low` to `high`, both including. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick<T>(list: readonly T[]): T {
    const picked = list[Math.floor(this.next() * list.length)];
    if (picked === undefined) throw new Error('Nothing to pick from.');

    return picked;
  }

  /** A UUID of version 4. */
  id(): string {
    const start = `${this.#hex()}${this.#hex()}-${this.#hex()}`;
    const middle = `4${this.#hex().slice(1)}-a${this.#hex().slice(1)}`;

    return `${start}-${middle}-${this.#hex()}${this.#hex()}${this.#hex()}`;
  }

  /** Four hexadecimal digits. */
  #hex(): string {
    return (0x1_0000 + this.between(0, 0xffff)).toString(16).slice(1);
  }
}
