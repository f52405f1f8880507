import { systemTimers } from '../../shared/config/system-clock.ts';
import type { Timers } from '../../shared/domain/time.ts';
import { postWithDeadline } from '../../shared/lambda/http-delivery.ts';
import { createMemoryStore } from '../../shared/simulators/document-store.ts';
import type { Delays } from '../../shared/simulators/gateway/behaviours.ts';
import { createGatewaySimulator } from '../../shared/simulators/gateway/gateway-simulator.ts';
import { createWebhookSender } from '../../shared/simulators/gateway/webhook-sender.ts';
import type { PlainServer } from '../../shared/simulators/plain-http.ts';
import type { ListenOptions } from './http-server.ts';
import { listenToggleable, type ToggleableServer } from './toggleable-server.ts';

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

const webhookTimeoutMs = 10_000;

/** The PG simulator with a memory of its own, and webhooks for who registers for them. */
export const createInMemorySimulator = (timers?: Timers, delays?: Delays): PlainServer =>
  createGatewaySimulator({
    accounts: createMemoryStore(),
    keys: createMemoryStore(),
    clock: timers ?? systemTimers,
    webhooks: createWebhookSender({
      timers: timers ?? backgroundTimers,
      post: postWithDeadline(webhookTimeoutMs),
    }),
    ...(delays && { delays }),
  });

/** The PG simulator as a server that can be down; `url` is what the service gets as PG_URL. */
export const startSimulator = ({
  delays,
  ...options
}: SimulatorOptions = {}): Promise<ToggleableServer> =>
  listenToggleable(createInMemorySimulator(options.timers, delays), options);
