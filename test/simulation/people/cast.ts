import type { Random } from '../virtual/random.ts';

/** Who and what is in a run. Every part can be made smaller: the others do the same as before. */
export interface Cast {
  readonly buyers: number;
  readonly products: number;
  /** Coupons of each buyer. */
  readonly coupons: number;
  /** The numbers of the purchase stories that are played. */
  readonly stories: readonly number[];
  /** The numbers of the stories of buyers who pay in several steps. */
  readonly stepStories: readonly number[];
  /** How many operators work before the calm, and how often each looks around. */
  readonly operators: number;
  readonly operatorRounds: number;
  /** How often other systems of the shop write; with damage up to twice as often. */
  readonly externalWrites: number;
  /** Whether some of these writes are invalid items or deletions. */
  readonly hasDamage: boolean;
  /** How many buttons are pressed just when a payment or refund changes. */
  readonly presses: number;
}

/** Drawn beside the others, so that these stay what they were. */
const stepStoriesOf = (random: Random): readonly number[] =>
  random.chance(0.35) ? Array.from({ length: random.between(1, 3) }, (_, number) => number) : [];

export const castOf = (random: Random): Cast => ({
  buyers: random.between(1, 3),
  products: random.between(1, 3),
  coupons: random.between(0, 2),
  stories: Array.from({ length: random.between(1, 6) }, (_, number) => number),
  stepStories: stepStoriesOf(random.fork('step stories')),
  operators: random.between(0, 2),
  operatorRounds: random.between(1, 3),
  externalWrites: random.between(0, 4),
  hasDamage: random.chance(0.25),
  presses: random.chance(0.5) ? random.between(1, 6) : 0,
});
