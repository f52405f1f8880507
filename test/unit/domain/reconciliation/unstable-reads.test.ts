import { describe, expect, it } from 'vitest';
import type { VersionedRecords } from '../../../../shared/domain/reconciliation/records.ts';
import { anOrder, aPayment } from '../../../support/builders/builders.ts';
import {
  compare,
  compensationRecords,
  completedStores,
  emptyStores,
  order,
  refund,
  refundedStores,
  type StoreContents,
  storesWithHold,
} from './harness.ts';

describe('changes during the reads of a reconciliation', () => {
  const stableKinds = (before: VersionedRecords, stores: StoreContents) =>
    compare(stores, before)
      .results.filter(({ isStable }) => isStable)
      .map(({ subject: { kind } }) => kind);
  const everything = ['buyer', 'product', 'order', 'coupon', 'payment'];

  it('exclude nothing if all versions are equal', () => {
    expect(stableKinds(completedStores, completedStores)).toEqual(everything);
  });

  it('exclude no orphan that was read both times', () => {
    const orphans = { ...emptyStores, restorations: compensationRecords };

    expect(stableKinds(orphans, orphans)).toContain('payment');
  });

  it.each<[string, VersionedRecords, StoreContents, string[]]>([
    ['a new payment', emptyStores, completedStores, []],
    [
      'the erasure of its buyer',
      {
        ...completedStores,
        payments: completedStores.payments.map((one) => ({ ...one, userId: 'erased_1' })),
      },
      completedStores,
      ['coupon'],
    ],
    ['a transition of a payment', storesWithHold('claimed'), completedStores, ['coupon']],
    [
      'a step of its compensation',
      storesWithHold('claimed', 'declined'),
      { ...storesWithHold('claimed', 'declined'), restorations: compensationRecords.slice(0, 1) },
      ['coupon'],
    ],
    [
      'the compensation record of a new payment',
      emptyStores,
      { ...emptyStores, restorations: compensationRecords },
      ['buyer', 'product', 'coupon'],
    ],
    [
      'a refund',
      { ...refundedStores, refunds: [refund({ version: 1 })] },
      refundedStores,
      ['coupon'],
    ],
    [
      'its order',
      { ...completedStores, orders: [order('PAYING', { version: 1 })] },
      completedStores,
      ['buyer', 'product', 'payment'],
    ],
  ])('exclude what depends on %s', (_change, before, stores, kinds) => {
    expect(stableKinds(before, stores)).toEqual(kinds);
  });

  it('exclude only the subjects that depend on the change', () => {
    const bob = aPayment({ order: anOrder({ userId: 'bob' }), paymentId: 'pay_2' });
    const stores = { ...completedStores, payments: [...completedStores.payments, bob] };

    expect(stableKinds(completedStores, stores)).toEqual(
      expect.arrayContaining(['coupon', 'payment']),
    );
    expect(
      compare(stores, completedStores).results.find(({ subject: { id } }) => id === 'bob')
        ?.isStable,
    ).toBe(false);
    expect(
      compare(stores, completedStores).results.find(({ subject: { id } }) => id === 'ann')
        ?.isStable,
    ).toBe(true);
  });
});
