import type { Measurement } from './measurement.ts';
import type { LimitSearch } from './schedule.ts';

/** The share of the requested rate that must be answered. */
const minAnsweredShare = 0.95;
const maxP99Ms = 100;

/** Whether the system answers fewer requests than arrive, or refuses some. */
export const isBroken = ({ load, seen, perSecond }: Measurement): boolean => {
  if (load.loop.kind !== 'open')
    throw new Error('Only an open loop can break a system: a closed loop waits for responses.');

  return seen.refused > 0 || perSecond < minAnsweredShare * load.loop.perSecond;
};

export const isPrompt = (one: Measurement): boolean =>
  !isBroken(one) && (one.seen.latencyMs?.['p(99)'] ?? Number.POSITIVE_INFINITY) < maxP99Ms;

export interface Limits {
  /** The measurement at every rate. */
  readonly tried: readonly Measurement[];
  /** The highest rate per second with p99 under 100 ms; undefined if the first rate exceeded it. */
  readonly promptUpTo?: number;
  /** The lowest rate per second at which the system broke. */
  readonly breaksAt: number;
}

const maxRate = 10_000;

const rateOf = ({ load: { loop } }: Measurement): number =>
  loop.kind === 'open' ? loop.perSecond : Number.NaN;

/** Increases the rate until the system breaks, then bisects around both limits. */
export const findLimits = async (
  first: number,
  { factor, refinements }: Pick<LimitSearch, 'factor' | 'refinements'>,
  measureAt: (perSecond: number) => Promise<Measurement>,
): Promise<Limits> => {
  const tried: Measurement[] = [];
  const tryAt = async (rate: number) => {
    const one = await measureAt(rate);
    tried.push(one);

    return one;
  };
  const highest = (holds: (one: Measurement) => boolean) => {
    const bad = Math.min(...tried.filter((one) => !holds(one)).map(rateOf));
    const good = tried.filter((one) => holds(one) && rateOf(one) < bad).map(rateOf);

    return { good: good.length > 0 ? Math.max(...good) : undefined, bad };
  };
  const refine = async (holds: (one: Measurement) => boolean) => {
    for (let halved = 0; halved < refinements; halved += 1) {
      const { good, bad } = highest(holds);
      if (good === undefined || bad === Number.POSITIVE_INFINITY) return;
      const between = Math.round((good + bad) / 2);
      if (between === good || between === bad) return;
      await tryAt(between);
    }
  };

  for (let rate = first; rate < maxRate; rate = Math.round(rate * factor)) {
    if (isBroken(await tryAt(rate))) break;
  }
  await refine(isPrompt);
  await refine((one) => !isBroken(one));
  const { good } = highest(isPrompt);

  return {
    tried,
    ...(good !== undefined && { promptUpTo: good }),
    breaksAt: highest((one) => !isBroken(one)).bad,
  };
};
