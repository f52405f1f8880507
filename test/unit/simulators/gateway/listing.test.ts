import { describe, expect, it } from 'vitest';
import { createSimulatorHarness } from './harness.ts';

describe('gateway simulator: list charges', () => {
  it('omits declined and pending charges', async () => {
    const pg = createSimulatorHarness();
    await pg.charge('sim_decline');
    await pg.charge('sim_in_progress', { key: 'chg:p-1:2' });

    expect(await pg.list()).toMatchObject({
      body: { counts: { requests: 2, charges: 0, refunds: 0 }, charges: [], refunds: [] },
    });
  });

  it('lists every reference without a filter', async () => {
    const pg = createSimulatorHarness();
    await pg.charge('sim_approve');
    await pg.charge('sim_approve', { key: 'chg:p-2:1', reference: 'p-2' });

    expect(await pg.list('')).toMatchObject({
      body: { counts: { charges: 2 }, charges: [{ reference: 'p-1' }, { reference: 'p-2' }] },
    });
    expect(await pg.list('?reference=p-3')).toMatchObject({ body: { counts: { charges: 0 } } });
  });

  it('lists a page of references with a cursor', async () => {
    const pg = createSimulatorHarness();
    for (const reference of ['p-3', 'p-1', 'p-2']) {
      await pg.charge('sim_approve', { key: `chg:${reference}:1`, reference });
    }

    expect(await pg.list('?limit=2')).toMatchObject({
      body: { charges: [{ reference: 'p-1' }, { reference: 'p-2' }], next: 'p-2' },
    });
    const { body } = (await pg.list('?limit=2&after=p-2')) as { body: object };
    expect(body).toMatchObject({ charges: [{ reference: 'p-3' }] });
    expect(body).not.toHaveProperty('next');
  });

  it.each(['0', '-1', 'all', '1e3', '10000'])('rejects the limit %s', async (limit) => {
    expect(await createSimulatorHarness().list(`?limit=${limit}`)).toMatchObject({ status: 400 });
  });
});
