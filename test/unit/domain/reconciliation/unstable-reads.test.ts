import { describe, expect, it } from 'vitest';
import type { Histories } from '../../../../shared/domain/reconciliation/records.ts';
import { anOrder, aPayment } from '../../../support/builders/builders.ts';
import {
  type Books,
  base,
  givenBack,
  holding,
  judged,
  order,
  paid,
  refund,
  refunded,
} from './harness.ts';

describe('what moved while it was read', () => {
  const still = (before: Histories, books: Books) =>
    judged(books, before)
      .findings.filter(({ isStill }) => isStill)
      .map(({ subject: { kind } }) => kind);
  const everything = ['buyer', 'product', 'order', 'coupon', 'payment'];

  it('is nothing where the histories are the same before and after', () => {
    expect(still(paid, paid)).toEqual(everything);
  });

  it('is nothing of what is on record of no payment, both times', () => {
    const strays = { ...base, undone: givenBack };

    expect(still(strays, strays)).toContain('payment');
  });

  it.each<[string, Histories, Books, string[]]>([
    ['a payment that came', base, paid, []],
    ['a payment that moved on', holding('claimed'), paid, ['coupon']],
    [
      'a step of its compensation',
      holding('claimed', 'declined'),
      { ...holding('claimed', 'declined'), undone: givenBack.slice(0, 1) },
      ['coupon'],
    ],
    [
      'what was given back of a payment that came while the payments were being read',
      base,
      { ...base, undone: givenBack },
      ['buyer', 'product', 'coupon'],
    ],
    ['a refund', { ...refunded, refunds: [refund({ version: 1 })] }, refunded, ['coupon']],
    [
      'its order',
      { ...paid, orders: [order('PAYING', { version: 1 })] },
      paid,
      ['buyer', 'product', 'payment'],
    ],
  ])('is not judged: %s', (_move, before, books, kinds) => {
    const moving = still(before, books);

    expect(moving).toEqual(kinds);
  });

  it('says nothing of other buyers and products', () => {
    const bob = aPayment({ order: anOrder({ userId: 'bob' }), paymentId: 'pay_2' });
    const books = { ...paid, payments: [...paid.payments, bob] };

    expect(still(paid, books)).toEqual(expect.arrayContaining(['coupon', 'payment']));
    expect(judged(books, paid).findings.find(({ subject: { id } }) => id === 'bob')?.isStill).toBe(
      false,
    );
    expect(judged(books, paid).findings.find(({ subject: { id } }) => id === 'ann')?.isStill).toBe(
      true,
    );
  });
});
