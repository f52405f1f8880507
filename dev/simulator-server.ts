import { inMemory } from '../shared/outside/documents.ts';
import type { PlainServer } from '../shared/outside/plain-http.ts';
import { simulator } from '../shared/outside/simulator/api.ts';
import type { Delays } from '../shared/outside/simulator/behaviours.ts';
import { webhooks } from '../shared/outside/simulator/webhooks.ts';
import { systemTimers, type Timers } from '../shared/pg/timers.ts';
import { postWithin } from '../shared/runtime/outbound.ts';
import type { ListenOptions } from './plain-server.ts';
import { listenSwitched, type Switched } from './switched-server.ts';

export interface SimulatorOptions extends ListenOptions {
  readonly delays?: Delays;
}

/** What is still to be told keeps no process alive. */
const backgroundTimers: Timers = {
  ...systemTimers,
  after: (delayMs, then) => {
    const timer = setTimeout(then, delayMs).unref();

    return () => clearTimeout(timer);
  },
};

const tellWithinMs = 10_000;

/** The PG simulator with a memory of its own, and webhooks for who registers for them. */
export const freshSimulator = (timers?: Timers, delays?: Delays): PlainServer =>
  simulator({
    accounts: inMemory(),
    keys: inMemory(),
    clock: timers ?? systemTimers,
    webhooks: webhooks({ timers: timers ?? backgroundTimers, post: postWithin(tellWithinMs) }),
    ...(delays && { delays }),
  });

/** The PG simulator as a server that can be down; `url` is what the service gets as PG_URL. */
export const startSimulator = ({ delays, ...options }: SimulatorOptions = {}): Promise<Switched> =>
  listenSwitched(freshSimulator(options.timers, delays), options);
