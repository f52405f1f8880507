import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { findFreePort, portInUseMessage } from '../../../../dev/local/ports.ts';

describe('port of the local AWS', () => {
  it('is free by default', async () => {
    expect(await portInUseMessage(await findFreePort())).toBeUndefined();
  });

  it('is rejected in one sentence if it is in use', async () => {
    const port = await findFreePort();
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');

    const message = await portInUseMessage(port);
    server.close();

    expect(message).toBe(
      `Port ${port} is in use: set another one with --port, or omit it to use a free one.`,
    );
  });
});
