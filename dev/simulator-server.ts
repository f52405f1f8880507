import { inMemory } from '../shared/outside/documents.ts';
import type { PlainServer } from '../shared/outside/plain-http.ts';
import { simulator } from '../shared/outside/simulator/api.ts';
import type { Delays } from '../shared/outside/simulator/behaviours.ts';
import { systemTimers, type Timers } from '../shared/pg/timers.ts';
import type { ListenOptions } from './plain-server.ts';
import { listenSwitched, type Switched } from './switched-server.ts';

export interface SimulatorOptions extends ListenOptions {
  readonly delays?: Delays;
}

/** The PG simulator with a memory of its own. */
export const freshSimulator = (timers: Timers = systemTimers, delays?: Delays): PlainServer =>
  simulator({ accounts: inMemory(), keys: inMemory(), clock: timers, ...(delays && { delays }) });

/** The PG simulator as a server that can be down; `url` is what the service gets as PG_URL. */
export const startSimulator = ({ delays, ...options }: SimulatorOptions = {}): Promise<Switched> =>
  listenSwitched(freshSimulator(options.timers, delays), options);
