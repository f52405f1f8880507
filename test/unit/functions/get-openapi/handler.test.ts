import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { handler } from '../../../../functions/get-openapi/index.ts';
import { call } from '../../../support/harness/invoke-handler.ts';

it('returns the bundled document with a cache lifetime', async () => {
  const kept = JSON.parse(readFileSync('docs/openapi.json', 'utf8'));

  expect(await call(handler, { method: 'GET', path: '/openapi.json' })).toEqual({
    status: 200,
    headers: { 'cache-control': 'public, max-age=300', 'content-type': 'application/json' },
    body: kept,
  });
});
