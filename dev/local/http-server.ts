import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { systemTimers } from '../../shared/config/system-clock.ts';
import type { Timers } from '../../shared/domain/time.ts';
import type { PlainRequest, PlainServer } from '../../shared/simulators/plain-http.ts';

export interface ListenOptions {
  /** 127.0.0.1 by default. */
  readonly host?: string;
  /** A free port by default. */
  readonly port?: number;
  readonly timers?: Timers;
}

export interface RunningServer {
  readonly url: string;
  /** Closes all connections, including those of hanging requests. */
  close(): Promise<void>;
}

/** Serves a plain server on a local port. */
export const listen = async (
  server: PlainServer,
  { host = '127.0.0.1', port = 0, timers = systemTimers }: ListenOptions = {},
): Promise<RunningServer> => {
  const http = createServer((incoming, outgoing) => {
    respond(server, timers, incoming, outgoing).catch((error: unknown) => {
      // A client that disconnects while sending is not an error; log everything else.
      if (!incoming.complete) return;
      console.error(error);
      if (!outgoing.headersSent) outgoing.writeHead(500).end();
    });
  });

  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, host, resolve);
  });

  return {
    url: `http://${host}:${(http.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
};

const respond = async (
  server: PlainServer,
  timers: Timers,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> => {
  const response = await server(await readRequest(incoming));
  // Without a response, the connection stays open until the client closes it.
  if (response.kind === 'hang') return;

  const send = () => {
    outgoing
      .writeHead(response.status, { 'content-type': 'application/json', ...response.headers })
      .end(response.body);
  };
  if (response.afterMs === 0) return send();

  outgoing.once('close', timers.after(response.afterMs, send));
};

const readRequest = async (incoming: IncomingMessage): Promise<PlainRequest> => {
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://localhost');

  return {
    method: incoming.method ?? 'GET',
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, value?.toString()]),
    ),
    body: await text(incoming),
  };
};
