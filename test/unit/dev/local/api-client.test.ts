import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliError } from '../../../../dev/cli/cli-error.ts';
import { createTokenClient } from '../../../../dev/local/api-client.ts';
import { listen, type RunningServer } from '../../../../dev/local/http-server.ts';

describe('the API client of the commands', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await listen(async () => ({
      kind: 'reply',
      afterMs: 0,
      status: 401,
      body: '{"message":"Unauthorized"}',
    }));
  });
  afterAll(() => server.close());

  it('throws a sentence for the terminal if a request is rejected', async () => {
    const client = createTokenClient(server.url, 'expired');

    await expect(client.order([], undefined, 'key')).rejects.toThrow(
      new CliError('POST /orders answered 401: {"message":"Unauthorized"}'),
    );
    await expect(client.points()).rejects.toThrow(
      new CliError('GET /me/points answered 401: {"message":"Unauthorized"}'),
    );
  });
});
