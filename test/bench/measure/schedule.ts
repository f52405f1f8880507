import type { Load, Loop } from './load.ts';
import type { SystemName } from './system.ts';

/** One load on one system. */
export interface Planned {
  readonly system: SystemName;
  readonly load: Load;
  /** Whether those accepted last are waited for. */
  readonly isDrained: boolean;
}

/** How long things are looked at, in seconds, and how finely limits are looked for. */
export interface Effort {
  readonly rounds: number;
  readonly synchronous: { readonly warmUpS: number; readonly windowS: number };
  readonly after: { readonly warmUpS: number; readonly windowS: number };
  readonly step: { readonly warmUpS: number; readonly windowS: number };
  /** From one rate to the next one up. */
  readonly factor: number;
  /** How often the gap between the last good and the first bad rate is halved. */
  readonly refinements: number;
}

export const full: Effort = {
  rounds: 3,
  synchronous: { warmUpS: 10, windowS: 60 },
  after: { warmUpS: 10, windowS: 30 },
  step: { warmUpS: 4, windowS: 12 },
  factor: 1.25,
  refinements: 2,
};

export const quick: Effort = {
  rounds: 1,
  synchronous: { warmUpS: 6, windowS: 12 },
  after: { warmUpS: 4, windowS: 8 },
  step: { warmUpS: 3, windowS: 6 },
  factor: 1.6,
  refinements: 0,
};

export const userLevels = [50, 100, 200, 1_000] as const;

/** What the brief says that the synchronous form could do at most, and what it hopes of the other one. Payments a second. */
export const briefRates = { before: 40, after: 140.8 } as const;

/** With 200 workers and 5 s for each request, who comes last of so many waits so long until all are in step. */
const untilInStepS = (users: number) => Math.ceil(users / 200) * 5 + 1;

/** With 10 connections and 3.58 s for each transaction. */
const untilAllHeldS = (users: number) => Math.ceil((users / 10) * 3.58) + 1;

const open = (perSecond: number, mostUsers = 1_000): Loop => ({
  kind: 'open',
  perSecond,
  mostUsers,
});

/** The loads of one round, before and after side by side; every second round the other way about, so that neither always comes first. */
export const roundOf = (round: number, { synchronous, after }: Effort): readonly Planned[] => {
  const pairs = userLevels.map((users): readonly Planned[] => [
    {
      system: 'synchronous',
      load: {
        loop: { kind: 'closed', users },
        windowS: synchronous.windowS,
        warmUpS: Math.max(synchronous.warmUpS, untilInStepS(users)),
      },
      isDrained: false,
    },
    { system: 'after', load: { loop: { kind: 'closed', users }, ...after }, isDrained: false },
  ]);
  const rates = [briefRates.before, briefRates.after].map((rate): readonly Planned[] => [
    { system: 'after', load: { loop: open(rate), ...after }, isDrained: true },
  ]);
  const inOneTransaction: Planned = {
    system: 'one-transaction',
    load: {
      loop: { kind: 'closed', users: 50 },
      windowS: synchronous.windowS,
      warmUpS: Math.max(synchronous.warmUpS, untilAllHeldS(50)),
    },
    isDrained: false,
  };
  const ordered = round % 2 === 0 ? pairs : pairs.map((pair) => pair.toReversed());

  return [...ordered.flat(), inOneTransaction, ...rates.flat()];
};

/** Rates at which each system is asked until it breaks. */
export const firstRate: Readonly<Record<'synchronous' | 'after', number>> = {
  synchronous: 30,
  after: 60,
};

export const stepAt = (
  system: 'synchronous' | 'after',
  perSecond: number,
  { step, synchronous }: Effort,
): Planned => ({
  system,
  load: { loop: open(perSecond), ...(system === 'after' ? step : synchronous) },
  isDrained: false,
});
