import { expect, it } from 'vitest';
import { handler } from '../../../../functions/get-health/index.ts';
import { call } from '../../../support/harness/invoke-handler.ts';

it('answers without authentication', async () => {
  expect(await call(handler, { method: 'GET', path: '/health' })).toMatchObject({
    status: 200,
    body: { status: 'ok' },
  });
});
