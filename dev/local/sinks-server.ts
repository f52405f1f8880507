import { systemTimers } from '../../shared/config/system-clock.ts';
import type { Timers } from '../../shared/domain/time.ts';
import { createMemoryStore } from '../../shared/simulators/document-store.ts';
import { mount, type PlainServer } from '../../shared/simulators/plain-http.ts';
import { createReceiver } from '../../shared/simulators/sinks/receiver.ts';
import { type ListenOptions, listen } from './http-server.ts';

export interface Sinks {
  readonly dataPlatformUrl: string;
  readonly notificationsUrl: string;
  close(): Promise<void>;
}

/** One receiver with a memory of its own. */
export const createInMemoryReceiver = (timers: Timers = systemTimers): PlainServer =>
  createReceiver({ deliveries: createMemoryStore(), rules: createMemoryStore(), clock: timers });

/** The two receivers that the listeners deliver to, under one port. */
export const startSinks = async (options: ListenOptions = {}): Promise<Sinks> => {
  const { url, close } = await listen(
    mount({
      '/data-platform': createInMemoryReceiver(options.timers),
      '/notifications': createInMemoryReceiver(options.timers),
    }),
    options,
  );

  return {
    dataPlatformUrl: `${url}/data-platform`,
    notificationsUrl: `${url}/notifications`,
    close,
  };
};
