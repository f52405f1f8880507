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

/** A port of 127.0.0.1 that nobody listens on. */
export const findFreePort = (): Promise<number> => bindBriefly(0);

/** What to tell somebody who asked for a port that cannot be had; nothing when it is free. */
export const portInUseMessage = async (port: number): Promise<string | undefined> => {
  try {
    await bindBriefly(port);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      return `Port ${port} is in use: give another one with --port, or none to get a free one.`;
    }
    return `Port ${port} cannot be used (${code}): give another one with --port, or none to get a free one.`;
  }
};
