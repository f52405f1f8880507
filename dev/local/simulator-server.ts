import { randomUUID } from 'node:crypto';
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

/** Timers that do not keep the process alive, for pending webhooks. */
const backgroundTimers: Timers = {
  ...systemTimers,
  after: (delayMs, then) => {
    const timer = setTimeout(then, delayMs).unref();

    return () => clearTimeout(timer);
  },
};

const webhookTimeoutMs = 10_000;

/** Creates the gateway simulator with in-memory stores; it sends webhooks to the registered endpoint. */
export const createInMemorySimulator = (timers?: Timers, delays?: Delays): PlainServer =>
  createGatewaySimulator({
    accounts: createMemoryStore(),
    keys: createMemoryStore(),
    clock: timers ?? systemTimers,
    randomId: randomUUID,
    webhooks: createWebhookSender({
      timers: timers ?? backgroundTimers,
      post: postWithDeadline(webhookTimeoutMs, backgroundTimers),
    }),
    ...(delays && { delays }),
  });

/** Starts the gateway simulator on a server that can be switched off; its `url` is the PG_URL of the service. */
export const startSimulator = ({
  delays,
  ...options
}: SimulatorOptions = {}): Promise<ToggleableServer> =>
  listenToggleable(createInMemorySimulator(options.timers, delays), options);
