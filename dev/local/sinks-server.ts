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

/** Creates a receiver with in-memory stores. */
export const createInMemoryReceiver = (timers: Timers = systemTimers): PlainServer =>
  createReceiver({ deliveries: createMemoryStore(), rules: createMemoryStore(), clock: timers });

/** Starts the data platform and the notification receiver on one port. */
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
