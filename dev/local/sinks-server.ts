import { systemTimers, type Timers } from '../../shared/config/timers.ts';
import { inMemory } from '../../shared/simulators/document-store.ts';
import { mounted, type PlainServer } from '../../shared/simulators/plain-http.ts';
import { receiver } from '../../shared/simulators/sinks/receiver.ts';
import { type ListenOptions, listen } from './http-server.ts';

export interface Sinks {
  readonly dataPlatformUrl: string;
  readonly notificationsUrl: string;
  close(): Promise<void>;
}

/** One receiver with a memory of its own. */
export const freshReceiver = (timers: Timers = systemTimers): PlainServer =>
  receiver({ deliveries: inMemory(), rules: inMemory(), clock: timers });

/** The two receivers that the listeners deliver to, under one port. */
export const startSinks = async (options: ListenOptions = {}): Promise<Sinks> => {
  const { url, close } = await listen(
    mounted({
      '/data-platform': freshReceiver(options.timers),
      '/notifications': freshReceiver(options.timers),
    }),
    options,
  );

  return {
    dataPlatformUrl: `${url}/data-platform`,
    notificationsUrl: `${url}/notifications`,
    close,
  };
};
