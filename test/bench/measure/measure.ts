import { setTimeout as pause } from 'node:timers/promises';
import type { StartDatabase } from '../database/local-database.ts';
import { createClient } from '../database/tables.ts';
import { checkConsistency } from './check-consistency.ts';
import { runLightLoad } from './light-load.ts';
import { runLoad } from './load.ts';
import type { Measurement } from './measurement.ts';
import type { PlannedLoad } from './schedule.ts';
import { createShop } from './shop.ts';
import { type System, type SystemSettings, startSystem } from './system.ts';
import {
  completedPerSecond,
  finalStatusTimes,
  paymentsOf,
  stagesOf,
} from './time-to-final-status.ts';

export interface MeasureOptions extends Omit<SystemSettings, 'database'> {
  readonly k6: string;
  readonly startDatabase: StartDatabase;
  /** The number of payable orders: more than any load pays. */
  readonly orders: number;
}

// The last accepted payments get the time of the service-level objective to become final.
const drainTimeoutMs = 30_000;

/** Starts a new system, runs the load, waits for accepted payments, and checks the stores for discrepancies. */
export const measure = async (
  { system: name, load, isDrained }: PlannedLoad,
  options: MeasureOptions,
): Promise<Measurement> => {
  const { k6, deployment, logs, startDatabase, orders } = options;
  const database = await startDatabase(`${logs}/database.log`, `${orders}`, (endpoint) =>
    createShop(createClient(endpoint), deployment.tables, orders),
  );
  try {
    const { loop } = load;
    const follows = isDrained && loop.kind === 'open' ? loop.perSecond : undefined;
    const system = await startSystem(name, { ...options, database }, follows);
    try {
      const before = cpuSecondsByPart(system);
      const isLight = loop.kind === 'closed' && loop.generator === 'light';
      const seen = isLight
        ? await runLightLoad(system, loop.users, load, `${logs}/light-load.log`)
        : await runLoad(k6, system, load);
      const after = cpuSecondsByPart(system);
      if (isDrained) await waitUntilDrained(system, drainTimeoutMs);
      const lost = await system.lost();
      await system.stop();
      const db = createClient(database.endpoint);
      const payments = await paymentsOf(db);
      const { PG_URL } = system.outside;
      const callsGateway = name !== 'one-transaction';
      const stages = stagesOf(payments, load);
      const faults = await checkConsistency(db, payments, callsGateway ? PG_URL : undefined);

      return {
        system: name,
        load,
        seen,
        perSecond: seen.answered / load.windowS,
        completedPerSecond: completedPerSecond(payments, load),
        ...(isDrained && { finals: finalStatusTimes(payments, load) }),
        ...(stages && { stages }),
        cpuMsPerRequest: {
          [isLight ? 'generator' : 'k6']: (1_000 * seen.cpuSeconds) / seen.requests,
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

/**
 * Waits until nothing is in progress, twice in a row: a message between a stream and a queue is counted by
 * neither.
 */
const waitUntilDrained = async (system: System, withinMs: number): Promise<void> => {
  const deadline = performance.now() + withinMs;
  for (let quiet = 0; quiet < 2 && performance.now() < deadline; ) {
    quiet = (await system.inProgress()) === 0 ? quiet + 1 : 0;
    await pause(1_000);
  }
};
