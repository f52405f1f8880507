import { describe, expect, it } from 'vitest';
import { reconcile } from '../../../../shared/application/reconciliation/reconcile.ts';
import {
  balanceWith,
  completedStores,
  emptyStores,
  type StoreContents,
  storesWithHold,
} from '../../domain/reconciliation/harness.ts';

/**
 * Reconciles stores that change with each read: versioned, unversioned, versioned, and so on. The last
 * contents stay.
 */
const reconcileStores = (...contents: readonly StoreContents[]) => {
  let reads = 0;
  const next = async () => {
    const stores = contents[Math.min(reads, contents.length - 1)] as StoreContents;
    reads += 1;

    return stores;
  };
  const report = reconcile({
    readVersionedRecords: next,
    readUnversionedRecords: next,
    maxRounds: 3,
  });

  return report.then((result) => ({ ...result, reads }));
};

const storesWithOneUnitMore: StoreContents = {
  ...completedStores,
  balances: [{ ...balanceWith(0, 1_200), available: 8_801 }],
};

describe('reconcile', () => {
  it('is reconciled after three reads if all match and nothing changes', async () => {
    expect(await reconcileStores(completedStores)).toMatchObject({
      isReconciled: true,
      discrepancies: [],
      unstable: [],
      reads: 3,
      counts: { payments: 1, orders: 1, balances: 1, charges: 1, restorations: 0 },
    });
  });

  it('reports a discrepancy that is found twice', async () => {
    expect(await reconcileStores(storesWithOneUnitMore)).toMatchObject({
      isReconciled: false,
      discrepancies: [{ kind: 'buyer', id: 'ann', difference: 1 }],
      unstable: [],
      reads: 5,
    });
  });

  it('reports no discrepancy that is gone in the next round', async () => {
    const half = { ...completedStores, balances: storesWithHold().balances };

    expect(await reconcileStores(completedStores, half, completedStores)).toMatchObject({
      isReconciled: true,
      reads: 5,
    });
  });

  it('reports a subject as unstable if its discrepancy differs each time', async () => {
    const more = [1, 2, 3].map((by) => ({
      ...completedStores,
      balances: [{ ...balanceWith(0, 1_200), available: 8_800 + by }],
    }));

    expect(
      await reconcileStores(
        completedStores,
        more[0] as StoreContents,
        completedStores,
        more[1] as StoreContents,
        completedStores,
        more[2] as StoreContents,
        completedStores,
      ),
    ).toMatchObject({
      isReconciled: false,
      discrepancies: [],
      unstable: [{ kind: 'buyer', id: 'ann' }],
    });
  });

  it('compares a subject once it no longer changes', async () => {
    expect(await reconcileStores(storesWithHold(), completedStores)).toMatchObject({
      isReconciled: true,
      reads: 5,
    });
  });

  it('reports subjects that always change as unstable and compares the rest', async () => {
    const stages = [emptyStores, storesWithHold(), storesWithHold('claimed'), completedStores];
    const reads = stages.flatMap((stores) => [stores, stores]);

    const result = await reconcileStores(...reads.slice(1));

    expect(result).toMatchObject({ isReconciled: false, discrepancies: [], reads: 7 });
    expect(result.unstable.map(({ kind }) => kind)).toEqual([
      'buyer',
      'product',
      'order',
      'payment',
    ]);
  });

  it('reports the undecided payments of the last read', async () => {
    expect(await reconcileStores(completedStores, storesWithHold('claimed'))).toMatchObject({
      undecidedPayments: [{ paymentId: 'pay_1', status: 'CHARGING' }],
    });
  });
});
