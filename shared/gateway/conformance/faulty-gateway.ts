import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';

export interface FaultyGateway {
  readonly url: string;
  /** The number of requests received with their whole body. */
  requests(): number;
  /** Resolves after the first request was received and `fail` has run. */
  readonly reached: Promise<void>;
  close(): Promise<void>;
}

/** Starts an HTTP server in place of a gateway, which answers every request by `fail`. */
export const startFaultyGateway = async (
  fail: (response: ServerResponse) => void,
): Promise<FaultyGateway> => {
  const { promise: reached, resolve: markReached } = Promise.withResolvers<void>();
  let requests = 0;
  const server = createServer((incoming, outgoing) => {
    incoming.resume().once('end', () => {
      requests += 1;
      fail(outgoing);
      markReached();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    reached,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** An address without a listener: port 1 is reserved and needs privileges that tests do not have. */
export const unreachableUrl = 'http://127.0.0.1:1';

/** Accepts connections and resets each at its first bytes, with https at the handshake. */
export const openResettingPort = async (): Promise<{ port: number; close(): Promise<void> }> => {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined).once('data', () => socket.resetAndDestroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};

export const respondWith =
  (status: number, body: unknown) =>
  (response: ServerResponse): void => {
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(typeof body === 'string' ? body : JSON.stringify(body));
  };

/** A body that does not end while the client reads it. */
export const respondWithoutEnd = (response: ServerResponse): void => {
  const writeMore = () => {
    if (!response.destroyed) response.write(' '.repeat(64 * 1_024), writeMore);
  };
  response.writeHead(200, { 'content-type': 'application/json' });
  writeMore();
};
