import { connect, type Socket } from 'node:net';

/** Requests to one server over one open connection, one at a time. */
export interface HttpConnection {
  /** Sends a POST and resolves with the status of its response; rejects if the connection breaks. */
  post(path: string, headers: Readonly<Record<string, string>>, body: string): Promise<number>;
  close(): void;
}

const headEnd = '\r\n\r\n';
const lastChunk = '0\r\n\r\n';

/** Whether a response is complete. It has a length or is chunked; one after another, no other follows it. */
const isComplete = (response: string): boolean => {
  const end = response.indexOf(headEnd);
  if (end < 0) return false;
  const bodyStart = end + headEnd.length;
  const length = /\r\ncontent-length: (\d+)/i.exec(response.slice(0, end))?.[1];

  return length === undefined
    ? response.slice(bodyStart).endsWith(lastChunk)
    : response.length >= bodyStart + Number(length);
};

/**
 * Opens a connection that understands only what the servers of the bench answer, and so needs much less
 * processor time than an HTTP client.
 */
export const openHttpConnection = async (url: string): Promise<HttpConnection> => {
  const { hostname, port } = new URL(url);
  const socket = await new Promise<Socket>((resolve, reject) => {
    const opening = connect({ host: hostname, port: Number(port), noDelay: true }, () =>
      resolve(opening),
    );
    opening.once('error', reject);
  });
  // One character a byte, so that lengths are those of the header.
  socket.setEncoding('latin1');
  let response = '';
  let pending: { resolve(status: number): void; reject(error: Error): void } | undefined;

  socket.on('data', (chunk: string) => {
    response += chunk;
    if (!isComplete(response)) return;
    const status = Number(response.slice(9, 12));
    response = '';
    pending?.resolve(status);
  });
  const fail = (error?: Error) =>
    pending?.reject(error ?? new Error('The server closed the connection.'));
  socket.on('error', fail);
  socket.on('close', () => fail());

  return {
    post(path, headers, body) {
      const lines = Object.entries({
        host: `${hostname}:${port}`,
        'content-length': String(Buffer.byteLength(body)),
        ...headers,
      }).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);

      return new Promise((resolve, reject) => {
        pending = { resolve, reject };
      });
    },
    close: () => socket.destroy(),
  };
};
