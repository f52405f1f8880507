import { once } from 'node:events';
import { createServer } from 'node:net';

const bindBriefly = async (port: number): Promise<number> => {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');

  if (address === null || typeof address === 'string') throw new Error('Not a TCP address.');
  return address.port;
};

/** A free port of 127.0.0.1. */
export const findFreePort = (): Promise<number> => bindBriefly(0);

/** The error message for a port that cannot be used; undefined if it is free. */
export const portInUseMessage = async (port: number): Promise<string | undefined> => {
  try {
    await bindBriefly(port);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      return `Port ${port} is in use: set another one with --port, or omit it to use a free one.`;
    }
    return `Port ${port} cannot be used (${code}): set another one with --port, or omit it to use a free one.`;
  }
};
