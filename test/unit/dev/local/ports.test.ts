import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { findFreePort, portInUseMessage } from '../../../../dev/local/ports.ts';

describe('the port of the local AWS', () => {
  it('is free when nobody asked for one', async () => {
    expect(await portInUseMessage(await findFreePort())).toBeUndefined();
  });

  it('is refused in one sentence when somebody listens on it', async () => {
    const port = await findFreePort();
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');

    const sentence = await portInUseMessage(port);
    server.close();

    expect(sentence).toBe(
      `Port ${port} is in use: give another one with --port, or none to get a free one.`,
    );
  });
});
