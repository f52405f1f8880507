import { systemTimers, type Timers } from '../../shared/config/timers.ts';
import { postWithin } from '../../shared/lambda/http-delivery.ts';
import { inMemory } from '../../shared/simulators/document-store.ts';
import type { Delays } from '../../shared/simulators/gateway/behaviours.ts';
import { simulator } from '../../shared/simulators/gateway/gateway-simulator.ts';
import { webhooks } from '../../shared/simulators/gateway/webhook-sender.ts';
import type { PlainServer } from '../../shared/simulators/plain-http.ts';
import type { ListenOptions } from './http-server.ts';
import { listenSwitched, type Switched } from './toggleable-server.ts';

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
