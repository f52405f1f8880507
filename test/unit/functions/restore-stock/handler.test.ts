import { describe, expect, it } from 'vitest';
import {
  createCompensationHarness,
  rejectedPayment,
  restoredAmounts,
  unchangedAmounts,
} from '../compensation-harness.ts';

describe('restore stock', () => {
  it('restores the reserved units once per SKU', async () => {
    const failed = createCompensationHarness();

    expect(await failed.stock()).toEqual({ outcome: 'restored' });
    expect(await failed.stock()).toEqual({ outcome: 'already-recorded' });

    expect(failed.amounts().stock).toEqual(restoredAmounts.stock);
    expect(failed.records()).toEqual({
      'STOCK#tea': { delta: 2, outcome: 'restored' },
      'STOCK#cup': { delta: 1, outcome: 'restored' },
    });
  });

  it('restores the other SKUs when one fails, and retries only that one', async () => {
    const failed = createCompensationHarness();
    failed.tables.beforeWrite = (written) => {
      if (written.includes('STOCK#tea')) throw new Error('no tea');
    };

    await expect(failed.stock()).rejects.toThrow('no tea');
    const after = failed.amounts().stock;
    failed.tables.beforeWrite = () => {};
    await failed.stock();

    expect(after).toEqual({ ...unchangedAmounts.stock, cup: restoredAmounts.stock.cup });
    expect(failed.amounts().stock).toEqual(restoredAmounts.stock);
  });

  it('records that nothing was reserved', async () => {
    const refused = createCompensationHarness(rejectedPayment());

    await refused.stock();

    expect(refused.amounts()).toEqual(unchangedAmounts);
    expect(refused.records()).toEqual({ 'STOCK#NONE': { delta: 0, outcome: 'nothing-reserved' } });
  });

  it.each([
    ['is gone', 'target-missing', undefined],
    [
      'was created again',
      'target-mismatch',
      { sku: 'tea', available: 0, reserved: 1, sold: 0, received: 1 },
    ],
  ])('records a product that %s and succeeds', async (_what, outcome, product) => {
    const failed = createCompensationHarness();
    failed.tables.deleteItem('Products', { sku: 'tea' });
    if (product) failed.tables.put('Products', product);

    expect(await failed.stock()).toEqual({ outcome: `${outcome}, restored` });

    expect(failed.amounts().stock).toMatchObject({ cup: restoredAmounts.stock.cup });
    expect(failed.tables.items('Products')).toEqual(
      expect.arrayContaining(product ? [product] : []),
    );
    expect(failed.records()).toEqual({
      'STOCK#tea': { delta: 0, outcome },
      'STOCK#cup': { delta: 1, outcome: 'restored' },
    });
  });

  it('does not change a product that returns after it was recorded as gone', async () => {
    const failed = createCompensationHarness();
    failed.tables.deleteItem('Products', { sku: 'tea' });
    await failed.stock();
    const recreated = { sku: 'tea', available: 7, reserved: 3 };
    failed.tables.put('Products', recreated);

    expect(await failed.stock()).toEqual({ outcome: 'already-recorded' });

    expect(failed.amounts().stock).toMatchObject({ tea: { available: 7, reserved: 3 } });
  });
});
