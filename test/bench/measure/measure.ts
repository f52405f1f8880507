import { setTimeout as pause } from 'node:timers/promises';
import type { StartDatabase } from '../database/database.ts';
import { clientAt } from '../database/tables.ts';
import { prove } from './check-books.ts';
import { type Load, runLoad, type Seen } from './load.ts';
import type { Planned } from './schedule.ts';
import { openShop } from './shop.ts';
import { type Setting, type System, type SystemName, startSystem } from './system.ts';
import {
  completedPerSecond,
  type Finals,
  finalsOf,
  paymentsOf,
  type Stages,
  stagesOf,
} from './time-to-final-status.ts';

export interface Bench extends Omit<Setting, 'database'> {
  readonly k6: string;
  readonly startDatabase: StartDatabase;
  /** Orders that are there to be paid: more than any load pays. */
  readonly orders: number;
}

/** One run of a load against a system, as it is kept. */
export interface Measurement {
  readonly system: SystemName;
  readonly load: Load;
  readonly seen: Seen;
  /** Answered well in the window, a second. */
  readonly perSecond: number;
  /** Completed in the window, a second: of ours others than those that were answered in it. */
  readonly completedPerSecond: number;
  /** Only where those accepted last were waited for. */
  readonly finals?: Finals;
  readonly stages?: Stages;
  /** Milliseconds of processor time a request, by the part that used it. */
  readonly cpuMsPerRequest: Readonly<Record<string, number>>;
  /** What did not add up, or was lost; empty is the proof. */
  readonly faults: readonly string[];
}

// Who was accepted last has as long for the final word as the promise says.
const drainMs = 30_000;

/** Starts everything anew, runs the load, waits for what was accepted, and proves the books. */
export const measure = async (
  { system: name, load, isDrained }: Planned,
  bench: Bench,
): Promise<Measurement> => {
  const { k6, plan, logs, startDatabase, orders } = bench;
  const database = await startDatabase(`${logs}/database.log`, `${orders}`, (endpoint) =>
    openShop(clientAt(endpoint), plan.tables, orders),
  );
  try {
    const system = await startSystem(name, { ...bench, database });
    try {
      const before = cpuOf(system);
      const seen = await runLoad(k6, system, load);
      const after = cpuOf(system);
      if (isDrained) await drained(system, drainMs);
      const lost = await system.lost();
      await system.stop();
      const db = clientAt(database.endpoint);
      const payments = await paymentsOf(db);
      const { PG_URL } = system.outside;
      const asksPg = name !== 'one-transaction';
      const stages = stagesOf(payments, load);
      const faults = await prove(db, payments, asksPg ? PG_URL : undefined);

      return {
        system: name,
        load,
        seen,
        perSecond: seen.answered / load.windowS,
        completedPerSecond: completedPerSecond(payments, load),
        ...(isDrained && { finals: finalsOf(payments, load) }),
        ...(stages && { stages }),
        cpuMsPerRequest: {
          k6: (1_000 * seen.cpuSeconds) / seen.requests,
          ...Object.fromEntries(
            Object.entries(after).map(([part, seconds]) => [
              part,
              (1_000 * (seconds - (before[part] ?? 0))) / seen.requests,
            ]),
          ),
        },
        faults: [...faults, ...lost],
      };
    } finally {
      await system.stop();
      await system.close();
    }
  } finally {
    await database.close();
  }
};

const cpuOf = ({ programs }: System): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(programs).map(([part, one]) => [part, one.cpuSeconds()]));

/** Until nothing is under way, twice in a row: between a stream and a queue there is a moment when nobody has it. */
const drained = async (system: System, withinMs: number): Promise<void> => {
  const deadline = performance.now() + withinMs;
  for (let quiet = 0; quiet < 2 && performance.now() < deadline; ) {
    quiet = (await system.underWay()) === 0 ? quiet + 1 : 0;
    await pause(1_000);
  }
};
