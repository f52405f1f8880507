import { describe, expect, it } from 'vitest';
import type { SkipRecord } from '../../../../shared/domain/reconciliation/records.ts';
import {
  balanceWith,
  compensatedStores,
  completedStores,
  coupon,
  describeDiscrepancies,
  describeExplained,
  emptyStores,
  gatewayCharge,
  order,
  payment,
  productWith,
  refundedStores,
  type StoreContents,
} from './harness.ts';

const skip = (given: Partial<SkipRecord>): SkipRecord => ({
  paymentId: 'pay_1',
  during: 'capture',
  of: 'stock',
  id: 'tea',
  delta: 2,
  cause: 'target-missing',
  ...given,
});

const money = { of: 'balance', id: 'ann', delta: 2_000 } as const;
const disagrees = { cause: 'target-mismatch' } as const;
const ofOrder = { of: 'order', id: 'ord_1', delta: 0 } as const;

describe('the proof explains', () => {
  it.each<[string, StoreContents, string[]]>([
    [
      'a product that was gone when it was sold',
      { ...completedStores, skips: [skip({})], products: [] },
      ['product tea: sold -2 units', 'product tea: available 2 units'],
    ],
    [
      'a product that was created again before it was sold',
      { ...completedStores, skips: [skip(disagrees)], products: [productWith(0, 0)] },
      ['product tea: available 2 units', 'product tea: sold -2 units'],
    ],
    [
      'a product of which one unit was still reserved',
      { ...completedStores, skips: [skip(disagrees)], products: [productWith(1, 0)] },
      [
        'product tea: available 1 units',
        'product tea: reserved 1 units',
        'product tea: sold -2 units',
      ],
    ],
    [
      'a product that was gone when a unit of it came back',
      { ...refundedStores, skips: [skip({ during: 'refund', delta: 1 })], products: [] },
      ['product tea: available 1 units', 'product tea: sold -1 units'],
    ],
    [
      'a unit that no sale was left to be taken from',
      {
        ...refundedStores,
        skips: [skip({ during: 'refund', delta: 1, ...disagrees })],
        products: [productWith(0, 2)],
      },
      ['product tea: available -1 units', 'product tea: sold 1 units'],
    ],
    [
      'a product that was gone when it was to be given back',
      {
        ...compensatedStores,
        skips: [skip({ during: 'compensation', delta: 0 })],
        products: [productWith(2, 0)],
      },
      ['product tea: available -2 units', 'product tea: reserved 2 units'],
    ],
    [
      'a wallet that was deleted with money in it',
      { ...completedStores, skips: [skip(money)], balances: [] },
      ['buyer ann: available 2000 KRW', 'buyer ann: spent -2000 KRW'],
    ],
    [
      'a wallet with less held than was paid',
      {
        ...completedStores,
        skips: [skip({ ...money, ...disagrees })],
        balances: [balanceWith(1_500, 0)],
      },
      ['buyer ann: available 500 KRW', 'buyer ann: held 1500 KRW', 'buyer ann: spent -2000 KRW'],
    ],
    [
      'an order that was gone when it was paid, and its coupon with it',
      { ...completedStores, skips: [skip(ofOrder)], orders: [] },
      ['order ord_1: order 2000 KRW', 'coupon ann/welcome: status 500 KRW'],
    ],
    [
      'an order that another payment had paid when a person let the capture stand',
      {
        ...completedStores,
        skips: [skip({ ...ofOrder, ...disagrees })],
        orders: [order('CANCELLED')],
        coupons: [coupon({ status: 'AVAILABLE' })],
      },
      ['order ord_1: status 2000 KRW', 'order ord_1: active payment 2000 KRW'],
    ],
  ])('%s', (_what, books, differences) => {
    expect(describeExplained(books).toSorted()).toEqual(differences.toSorted());
    expect(describeDiscrepancies(books)).toEqual([]);
  });

  it('nothing any more once the product was corrected', () => {
    const books = { ...completedStores, skips: [skip(disagrees)] };

    expect(describeExplained(books)).toEqual([]);
    expect(describeDiscrepancies(books)).toEqual([]);
  });

  it.each<[string, StoreContents, string[]]>([
    [
      'more units than the skipped booking',
      {
        ...completedStores,
        skips: [skip({ ...disagrees, delta: 1 })],
        products: [productWith(0, 0)],
      },
      ['product tea: available 2 units', 'product tea: sold -2 units'],
    ],
    [
      'units in the wrong column',
      { ...completedStores, skips: [skip(disagrees)], products: [productWith(3, 0)] },
      [
        'product tea: available -1 units',
        'product tea: reserved 3 units',
        'product tea: sold -2 units',
      ],
    ],
    [
      'columns that do not add up',
      {
        ...completedStores,
        skips: [skip(disagrees)],
        products: [{ ...productWith(0, 0), available: 101 }],
      },
      ['product tea: available 3 units', 'product tea: sold -2 units'],
    ],
    [
      'a product that nobody found to be gone',
      { ...completedStores, skips: [skip(disagrees)], products: [] },
      ['product tea: available 2 units', 'product tea: sold -2 units'],
    ],
    [
      'another product',
      { ...completedStores, skips: [skip({ id: 'cup' })], products: [] },
      ['product tea: available 2 units', 'product tea: sold -2 units'],
    ],
  ])('not %s', (_what, books, differences) => {
    expect(describeDiscrepancies(books).toSorted()).toEqual(differences.toSorted());
    expect(describeExplained(books)).toEqual([]);
  });

  it('no money at the gateway', () => {
    const twice = {
      ...completedStores,
      charges: [gatewayCharge({ captures: 2, captured: 4_000 })],
    };

    expect(describeDiscrepancies({ ...twice, skips: [skip(money)] })).toEqual(
      describeDiscrepancies(twice),
    );
  });
});

describe('an item that cannot be read', () => {
  const why = 'unreadable in payments: amount: Invalid input';

  it('is one finding, and nothing that depends on it is judged', () => {
    const books: StoreContents = {
      ...emptyStores,
      balances: [balanceWith(0, 2_000)],
      products: [productWith(0, 2)],
      orders: [order('COMPLETED')],
      charges: [gatewayCharge()],
      unreadable: [
        {
          kind: 'payment',
          id: 'pay_1',
          reason: why,
          affects: [
            { kind: 'buyer', id: 'ann' },
            { kind: 'order', id: 'ord_1' },
            { kind: 'product', id: 'tea' },
            { kind: 'charge', id: 'pay_1' },
          ],
        },
      ],
    };

    expect(describeDiscrepancies(books)).toEqual(['payment pay_1: item 0 ']);
  });

  it('leaves all others judged', () => {
    const books: StoreContents = {
      ...completedStores,
      balances: [balanceWith(0, 0)],
      unreadableCounters: [{ kind: 'product', id: 'cup', reason: why, affects: [] }],
    };

    expect(describeDiscrepancies(books)).toEqual([
      'buyer ann: available 2000 KRW',
      'buyer ann: spent -2000 KRW',
      'product cup: item 0 ',
    ]);
  });

  it('suspends the payment of a refund with all that the payment touches', () => {
    const books: StoreContents = {
      ...refundedStores,
      refunds: [],
      unreadable: [{ kind: 'payment', id: 'pay_1', reason: why, affects: [] }],
    };

    expect(describeDiscrepancies(books)).toEqual(['payment pay_1: item 0 ']);
    expect(payment().status).toBe('RESERVED');
  });
});
