import { listen } from '../../../dev/plain-server.ts';
import { freshSimulator } from '../../../dev/simulator-server.ts';
import { freshReceiver } from '../../../dev/sinks-server.ts';
import { mounted } from '../../../shared/outside/plain-http.ts';
import { systemTimers } from '../../../shared/pg/timers.ts';
import { hosted } from './hosted.ts';

/** How long the systems outside take, in milliseconds. */
export interface OutsideSettings {
  readonly pgMs: number;
  readonly dataPlatformMs: number;
  readonly notificationMs: number;
}

/** The PG and the two receiving systems, each as slow as the brief has them. */
await hosted(async ({ pgMs, dataPlatformMs, notificationMs }: OutsideSettings) => {
  const { url } = await listen(
    mounted({
      '/pg': freshSimulator(systemTimers, { slowMs: pgMs, inProgressMs: pgMs, lateMs: pgMs }),
      '/data-platform': freshReceiver(),
      '/notifications': freshReceiver(),
    }),
  );
  const delays = { 'data-platform': dataPlatformMs, notifications: notificationMs };
  for (const [name, delayMs] of Object.entries(delays)) {
    await fetch(`${url}/${name}/behaviour`, { method: 'PUT', body: JSON.stringify({ delayMs }) });
  }
  const environment = {
    PG_URL: `${url}/pg`,
    DATA_PLATFORM_URL: `${url}/data-platform`,
    NOTIFICATIONS_URL: `${url}/notifications`,
  };

  return { ready: { environment } };
});
