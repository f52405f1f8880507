import { parseArgs } from 'node:util';
import { mount } from '../../shared/simulators/plain-http.ts';
import { listen } from './http-server.ts';
import { createInMemorySimulator } from './simulator-server.ts';
import { createInMemoryReceiver } from './sinks-server.ts';

/**
 * Serves all external systems on one port, for a stack in containers. Prints the URLs as one line of JSON; SIGTERM and
 * SIGINT end it.
 */
const { values } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '0' },
  },
});

const { url, close } = await listen(
  mount({
    '/simulator': createInMemorySimulator(),
    '/data-platform': createInMemoryReceiver(),
    '/notifications': createInMemoryReceiver(),
  }),
  { host: values.host, port: Number(values.port) },
);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close());

console.log(
  JSON.stringify({
    simulatorUrl: `${url}/simulator`,
    sinks: { dataPlatformUrl: `${url}/data-platform`, notificationsUrl: `${url}/notifications` },
  }),
);
