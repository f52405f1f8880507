import { describe, expect, it } from 'vitest';
import { createSimulatorHarness } from './harness.ts';

describe('the simulated PG, listing', () => {
  it('lists neither what it refused nor what is not yet captured', async () => {
    const pg = createSimulatorHarness();
    await pg.charge('sim_decline');
    await pg.charge('sim_in_progress', { key: 'chg:p-1:2' });

    expect(await pg.listed()).toMatchObject({
      body: { counts: { requests: 2, charges: 0, refunds: 0 }, charges: [], refunds: [] },
    });
  });

  it('lists every reference when none is named', async () => {
    const pg = createSimulatorHarness();
    await pg.charge('sim_approve');
    await pg.charge('sim_approve', { key: 'chg:p-2:1', reference: 'p-2' });

    expect(await pg.listed('')).toMatchObject({
      body: { counts: { charges: 2 }, charges: [{ reference: 'p-1' }, { reference: 'p-2' }] },
    });
    expect(await pg.listed('?reference=p-3')).toMatchObject({ body: { counts: { charges: 0 } } });
  });

  it('lists so many references after one, and says where more begin', async () => {
    const pg = createSimulatorHarness();
    for (const reference of ['p-3', 'p-1', 'p-2']) {
      await pg.charge('sim_approve', { key: `chg:${reference}:1`, reference });
    }

    expect(await pg.listed('?limit=2')).toMatchObject({
      body: { charges: [{ reference: 'p-1' }, { reference: 'p-2' }], next: 'p-2' },
    });
    const { body } = (await pg.listed('?limit=2&after=p-2')) as { body: object };
    expect(body).toMatchObject({ charges: [{ reference: 'p-3' }] });
    expect(body).not.toHaveProperty('next');
  });

  it.each(['0', '-1', 'all', '1e3', '10000'])('refuses to list %s', async (limit) => {
    expect(await createSimulatorHarness().listed(`?limit=${limit}`)).toMatchObject({ status: 400 });
  });
});
