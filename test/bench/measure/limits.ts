import type { Measurement } from './measure.ts';
import type { LimitSearch } from './schedule.ts';

/** The part of what was asked for that has to be answered in time. */
const minAnsweredShare = 0.95;
const maxP99Ms = 100;

/** More comes than is answered, or some of it is refused. */
export const isBroken = ({ load, seen, perSecond }: Measurement): boolean => {
  if (load.loop.kind !== 'open') throw new Error('A closed loop never asks for more than is done.');

  return seen.refused > 0 || perSecond < minAnsweredShare * load.loop.perSecond;
};

export const isPrompt = (one: Measurement): boolean =>
  !isBroken(one) && (one.seen.latencyMs?.['p(99)'] ?? Number.POSITIVE_INFINITY) < maxP99Ms;

export interface Limits {
  /** Every rate that was tried. */
  readonly tried: readonly Measurement[];
  /** The highest rate a second that kept p99 under 100 ms; undefined where the first one did not. */
  readonly promptUpTo?: number;
  /** The lowest rate a second at which it broke. */
  readonly breaksAt: number;
}

const maxRate = 10_000;

const rateOf = ({ load: { loop } }: Measurement): number =>
  loop.kind === 'open' ? loop.perSecond : Number.NaN;

/** Asks for more and more until the system breaks, then halves the gaps around both limits. */
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
