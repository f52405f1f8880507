import { setTimeout as pause } from 'node:timers/promises';
import type { StartDatabase } from '../database/database.ts';
import { createClient } from '../database/tables.ts';
import { checkBooks } from './check-books.ts';
import { type Load, type LoadObservation, runLoad } from './load.ts';
import type { PlannedLoad } from './schedule.ts';
import { createShop } from './shop.ts';
import { type System, type SystemName, type SystemSettings, startSystem } from './system.ts';
import {
  completedPerSecond,
  type FinalStatusTimes,
  finalStatusTimes,
  paymentsOf,
  type Stages,
  stagesOf,
} from './time-to-final-status.ts';

export interface MeasureOptions extends Omit<SystemSettings, 'database'> {
  readonly k6: string;
  readonly startDatabase: StartDatabase;
  /** Orders that are there to be paid: more than any load pays. */
  readonly orders: number;
}

/** One run of a load against a system, as it is kept. */
export interface Measurement {
  readonly system: SystemName;
  readonly load: Load;
  readonly seen: LoadObservation;
  /** Answered well in the window, a second. */
  readonly perSecond: number;
  /** Completed in the window, a second: of ours others than those that were answered in it. */
  readonly completedPerSecond: number;
  /** Only where those accepted last were waited for. */
  readonly finals?: FinalStatusTimes;
  readonly stages?: Stages;
  /** Milliseconds of processor time a request, by the part that used it. */
  readonly cpuMsPerRequest: Readonly<Record<string, number>>;
  /** What did not add up, or was lost; empty is the proof. */
  readonly faults: readonly string[];
}

// Who was accepted last has as long for the final word as the promise says.
const drainTimeoutMs = 30_000;

/** Starts everything anew, runs the load, waits for what was accepted, and proves the books. */
export const measure = async (
  { system: name, load, isDrained }: PlannedLoad,
  options: MeasureOptions,
): Promise<Measurement> => {
  const { k6, plan, logs, startDatabase, orders } = options;
  const database = await startDatabase(`${logs}/database.log`, `${orders}`, (endpoint) =>
    createShop(createClient(endpoint), plan.tables, orders),
  );
  try {
    const system = await startSystem(name, { ...options, database });
    try {
      const before = cpuSecondsByPart(system);
      const seen = await runLoad(k6, system, load);
      const after = cpuSecondsByPart(system);
      if (isDrained) await waitUntilDrained(system, drainTimeoutMs);
      const lost = await system.lost();
      await system.stop();
      const db = createClient(database.endpoint);
      const payments = await paymentsOf(db);
      const { PG_URL } = system.outside;
      const asksPg = name !== 'one-transaction';
      const stages = stagesOf(payments, load);
      const faults = await checkBooks(db, payments, asksPg ? PG_URL : undefined);

      return {
        system: name,
        load,
        seen,
        perSecond: seen.answered / load.windowS,
        completedPerSecond: completedPerSecond(payments, load),
        ...(isDrained && { finals: finalStatusTimes(payments, load) }),
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

const cpuSecondsByPart = ({ programs }: System): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(programs).map(([part, one]) => [part, one.cpuSeconds()]));

/** Until nothing is under way, twice in a row: between a stream and a queue there is a moment when nobody has it. */
const waitUntilDrained = async (system: System, withinMs: number): Promise<void> => {
  const deadline = performance.now() + withinMs;
  for (let quiet = 0; quiet < 2 && performance.now() < deadline; ) {
    quiet = (await system.underWay()) === 0 ? quiet + 1 : 0;
    await pause(1_000);
  }
};
