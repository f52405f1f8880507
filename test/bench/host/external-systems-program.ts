import { listen } from '../../../dev/local/http-server.ts';
import { freshSimulator } from '../../../dev/local/simulator-server.ts';
import { freshReceiver } from '../../../dev/local/sinks-server.ts';
import { systemTimers } from '../../../shared/config/timers.ts';
import { mounted } from '../../../shared/simulators/plain-http.ts';
import { hosted } from './child-program.ts';

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
