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

describe('the operator of a stage', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await listen(async ({ path }) => ({
      kind: 'reply',
      afterMs: 0,
      ...(bodies[path] ?? { status: 404, body: '{}' }),
    }));
  });
  afterAll(() => server.close());
  const lettersAt = (place: string) =>
    createOperatorApi(`${server.url}${place}`, 't').deadLetters();

  it('is given what the API answers', async () => {
    await expect(lettersAt('/fine')).resolves.toEqual({ items: [] });
  });

  it.each([
    ['/refused', /answered 400: It is not so\. Not that\.$/],
    [
      '/stale',
      /answered 401: Unauthorized\. Get a new token of an operator: docs\/operations\.md$/,
    ],
    ['/page', /answered 200: that is no answer of the API\. Is it its address\?$/],
  ])('is told in one sentence what is wrong at %s', async (place, sentence) => {
    const asked = lettersAt(place);

    await expect(asked).rejects.toThrow(CliError);
    await expect(asked).rejects.toThrow(sentence);
  });

  it('is told that nobody is there', async () => {
    const { url, close } = await listen(async () => ({ kind: 'hang' }));
    await close();

    const asked = createOperatorApi(url, 't').payment('pay_1');

    await expect(asked).rejects.toThrow(CliError);
    await expect(asked).rejects.toThrow(`${url} cannot be reached (ECONNREFUSED)`);
  });
});
