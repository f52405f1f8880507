import { describe, expect, it } from 'vitest';
import { reconcile } from '../../../../shared/application/reconciliation/reconcile.ts';
import {
  balanceWith,
  completedStores,
  emptyStores,
  type StoreContents,
  storesWithHold,
} from '../../domain/reconciliation/harness.ts';

/** The books as each reading in turn finds them: histories, counters, histories, and so on; the last ones for ever. */
const reading = (...seen: readonly StoreContents[]) => {
  let readings = 0;
  const next = async () => {
    const books = seen[Math.min(readings, seen.length - 1)] as StoreContents;
    readings += 1;

    return books;
  };
  const proof = reconcile({
    readVersionedRecords: next,
    readUnversionedRecords: next,
    maxRounds: 3,
  });

  return proof.then((found) => ({ ...found, readings }));
};

const storesWithOneUnitMore: StoreContents = {
  ...completedStores,
  balances: [{ ...balanceWith(0, 2_000), available: 8_001 }],
};

describe('the proof of the books', () => {
  it('is given by three readings where nothing moves and everything agrees', async () => {
    expect(await reading(completedStores)).toMatchObject({
      isReconciled: true,
      discrepancies: [],
      unstable: [],
      readings: 3,
      counts: { payments: 1, orders: 1, balances: 1, charges: 1, restorations: 0 },
    });
  });

  it('takes as wrong what is found wrong twice', async () => {
    expect(await reading(storesWithOneUnitMore)).toMatchObject({
      isReconciled: false,
      discrepancies: [{ kind: 'buyer', id: 'ann', difference: 1 }],
      unstable: [],
      readings: 5,
    });
  });

  it('takes nothing as wrong that is right when it is looked at again', async () => {
    const half = { ...completedStores, balances: storesWithHold().balances };

    expect(await reading(completedStores, half, completedStores)).toMatchObject({
      isReconciled: true,
      readings: 5,
    });
  });

  it('takes nothing as wrong that is wrong in another way each time, and says that it was not judged', async () => {
    const more = [1, 2, 3].map((by) => ({
      ...completedStores,
      balances: [{ ...balanceWith(0, 2_000), available: 8_000 + by }],
    }));

    expect(
      await reading(
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

  it('judges what moved when it stands still', async () => {
    expect(await reading(storesWithHold(), completedStores)).toMatchObject({
      isReconciled: true,
      readings: 5,
    });
  });

  it('says what never stood still, and judges the rest', async () => {
    const stages = [emptyStores, storesWithHold(), storesWithHold('claimed'), completedStores];
    const turns = stages.flatMap((books) => [books, books]);

    const found = await reading(...turns.slice(1));

    expect(found).toMatchObject({ isReconciled: false, discrepancies: [], readings: 7 });
    expect(found.unstable.map(({ kind }) => kind)).toEqual([
      'buyer',
      'product',
      'order',
      'payment',
    ]);
  });

  it('says what is open as the last reading finds it', async () => {
    expect(await reading(completedStores, storesWithHold('claimed'))).toMatchObject({
      undecidedPayments: [{ paymentId: 'pay_1', status: 'CHARGING' }],
    });
  });
});
