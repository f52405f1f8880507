import { parseArgs } from 'node:util';
import { mount } from '../../shared/simulators/plain-http.ts';
import { listen } from './http-server.ts';
import { createInMemorySimulator } from './simulator-server.ts';
import { createInMemoryReceiver } from './sinks-server.ts';

/**
 * The world outside the service as one process on one port, for a stage that runs in containers. Prints one line of JSON
 * with the addresses; SIGTERM and SIGINT end it.
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
