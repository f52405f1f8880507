import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliError } from '../../../../dev/cli/cli-error.ts';
import { listen, type RunningServer } from '../../../../dev/local/http-server.ts';
import { createOperatorApi } from '../../../../dev/ops/operator-api.ts';

const bodies: Readonly<Record<string, { status: number; body: string }>> = {
  '/fine/operator/dead-letters': { status: 200, body: '{"items":[]}' },
  '/refused/operator/dead-letters': {
    status: 400,
    body: '{"detail":"It is not so.","errors":[{"detail":"Not that."}]}',
  },
  '/stale/operator/dead-letters': { status: 401, body: '{"message":"Unauthorized"}' },
  '/page/operator/dead-letters': { status: 200, body: '<html>' },
};

describe('operator API client', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await listen(async ({ path }) => ({
      kind: 'reply',
      afterMs: 0,
      ...(bodies[path] ?? { status: 404, body: '{}' }),
    }));
  });
  afterAll(() => server.close());
  const listDeadLetters = (prefix: string) =>
    createOperatorApi(`${server.url}${prefix}`, 't').deadLetters();

  it('returns the response of the API', async () => {
    await expect(listDeadLetters('/fine')).resolves.toEqual({ items: [] });
  });

  it.each([
    ['/refused', /answered 400: It is not so\. Not that\.$/],
    ['/stale', /answered 401: Unauthorized\. Get a new operator token: docs\/operations\.md$/],
    ['/page', /answered 200: not a response of the API\. Check its address\.$/],
  ])('explains the error of %s', async (prefix, sentence) => {
    const request = listDeadLetters(prefix);

    await expect(request).rejects.toThrow(CliError);
    await expect(request).rejects.toThrow(sentence);
  });

  it('explains that the API cannot be reached', async () => {
    const { url, close } = await listen(async () => ({ kind: 'hang' }));
    await close();

    const request = createOperatorApi(url, 't').payment('pay_1');

    await expect(request).rejects.toThrow(CliError);
    await expect(request).rejects.toThrow(`${url} cannot be reached (ECONNREFUSED)`);
  });
});
