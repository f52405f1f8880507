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

describe('what moved while it was read', () => {
  const still = (before: VersionedRecords, books: StoreContents) =>
    compare(books, before)
      .results.filter(({ isStable }) => isStable)
      .map(({ subject: { kind } }) => kind);
  const everything = ['buyer', 'product', 'order', 'coupon', 'payment'];

  it('is nothing where the histories are the same before and after', () => {
    expect(still(completedStores, completedStores)).toEqual(everything);
  });

  it('is nothing of what is on record of no payment, both times', () => {
    const strays = { ...emptyStores, restorations: compensationRecords };

    expect(still(strays, strays)).toContain('payment');
  });

  it.each<[string, VersionedRecords, StoreContents, string[]]>([
    ['a payment that came', emptyStores, completedStores, []],
    ['a payment that moved on', storesWithHold('claimed'), completedStores, ['coupon']],
    [
      'a step of its compensation',
      storesWithHold('claimed', 'declined'),
      { ...storesWithHold('claimed', 'declined'), restorations: compensationRecords.slice(0, 1) },
      ['coupon'],
    ],
    [
      'what was given back of a payment that came while the payments were being read',
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
  ])('is not judged: %s', (_move, before, books, kinds) => {
    const moving = still(before, books);

    expect(moving).toEqual(kinds);
  });

  it('says nothing of other buyers and products', () => {
    const bob = aPayment({ order: anOrder({ userId: 'bob' }), paymentId: 'pay_2' });
    const books = { ...completedStores, payments: [...completedStores.payments, bob] };

    expect(still(completedStores, books)).toEqual(expect.arrayContaining(['coupon', 'payment']));
    expect(
      compare(books, completedStores).results.find(({ subject: { id } }) => id === 'bob')?.isStable,
    ).toBe(false);
    expect(
      compare(books, completedStores).results.find(({ subject: { id } }) => id === 'ann')?.isStable,
    ).toBe(true);
  });
});
