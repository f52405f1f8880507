import { listen } from '../../../dev/local/http-server.ts';
import { createInMemorySimulator } from '../../../dev/local/simulator-server.ts';
import { createInMemoryReceiver } from '../../../dev/local/sinks-server.ts';
import { systemTimers } from '../../../shared/config/system-clock.ts';
import { mount } from '../../../shared/simulators/plain-http.ts';
import { runChildProgram } from './child-program.ts';

/** The response times of the external systems, in milliseconds. */
export interface ExternalSystemsSettings {
  readonly pgMs: number;
  readonly dataPlatformMs: number;
  readonly notificationMs: number;
}

/** The gateway and the two receivers, with the given response times. */
await runChildProgram(async ({ pgMs, dataPlatformMs, notificationMs }: ExternalSystemsSettings) => {
  const { url } = await listen(
    mount({
      '/pg': createInMemorySimulator(systemTimers, {
        slowMs: pgMs,
        inProgressMs: pgMs,
        lateMs: pgMs,
      }),
      '/data-platform': createInMemoryReceiver(),
      '/notifications': createInMemoryReceiver(),
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
