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

const money = { of: 'balance', id: 'ann', delta: 1_200 } as const;
const mismatch = { cause: 'target-mismatch' } as const;
const ofOrder = { of: 'order', id: 'ord_1', delta: 0 } as const;

describe('skipped bookings', () => {
  it.each<[string, StoreContents, string[]]>([
    [
      'a product that was missing at the capture',
      { ...completedStores, skips: [skip({})], products: [] },
      ['product tea: sold -2 units', 'product tea: available 2 units'],
    ],
    [
      'a product that was created again before the capture',
      { ...completedStores, skips: [skip(mismatch)], products: [productWith(0, 0)] },
      ['product tea: available 2 units', 'product tea: sold -2 units'],
    ],
    [
      'a product with one unit still reserved',
      { ...completedStores, skips: [skip(mismatch)], products: [productWith(1, 0)] },
      [
        'product tea: available 1 units',
        'product tea: reserved 1 units',
        'product tea: sold -2 units',
      ],
    ],
    [
      'a product that was missing at the refund',
      { ...refundedStores, skips: [skip({ during: 'refund', delta: 1 })], products: [] },
      ['product tea: available 1 units', 'product tea: sold -1 units'],
    ],
    [
      'a refunded unit that was not sold',
      {
        ...refundedStores,
        skips: [skip({ during: 'refund', delta: 1, ...mismatch })],
        products: [productWith(0, 2)],
      },
      ['product tea: available -1 units', 'product tea: sold 1 units'],
    ],
    [
      'a product that was missing at the compensation',
      {
        ...compensatedStores,
        skips: [skip({ during: 'compensation', delta: 0 })],
        products: [productWith(2, 0)],
      },
      ['product tea: available -2 units', 'product tea: reserved 2 units'],
    ],
    [
      'a balance that was deleted',
      { ...completedStores, skips: [skip(money)], balances: [] },
      ['buyer ann: available 1200 KRW', 'buyer ann: spent -1200 KRW'],
    ],
    [
      'a balance with less held than the payment',
      {
        ...completedStores,
        skips: [skip({ ...money, ...mismatch })],
        balances: [balanceWith(700, 0)],
      },
      ['buyer ann: available 500 KRW', 'buyer ann: held 700 KRW', 'buyer ann: spent -1200 KRW'],
    ],
    [
      'an order that was missing at the capture, and its coupon',
      { ...completedStores, skips: [skip(ofOrder)], orders: [] },
      ['order ord_1: order 2000 KRW', 'coupon ann/welcome: status 500 KRW'],
    ],
    [
      'an order that was not held when an operator completed the payment',
      {
        ...completedStores,
        skips: [skip({ ...ofOrder, ...mismatch })],
        orders: [order('CANCELLED')],
        coupons: [coupon({ status: 'AVAILABLE' })],
      },
      ['order ord_1: status 2000 KRW', 'order ord_1: active payment 2000 KRW'],
    ],
  ])('explain %s', (_what, stores, differences) => {
    expect(describeExplained(stores).toSorted()).toEqual(differences.toSorted());
    expect(describeDiscrepancies(stores)).toEqual([]);
  });

  it('explain nothing after the product was corrected', () => {
    const stores = { ...completedStores, skips: [skip(mismatch)] };

    expect(describeExplained(stores)).toEqual([]);
    expect(describeDiscrepancies(stores)).toEqual([]);
  });

  it.each<[string, StoreContents, string[]]>([
    [
      'more units than were skipped',
      {
        ...completedStores,
        skips: [skip({ ...mismatch, delta: 1 })],
        products: [productWith(0, 0)],
      },
      ['product tea: available 2 units', 'product tea: sold -2 units'],
    ],
    [
      'units in the wrong column',
      { ...completedStores, skips: [skip(mismatch)], products: [productWith(3, 0)] },
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
        skips: [skip(mismatch)],
        products: [{ ...productWith(0, 0), available: 101 }],
      },
      ['product tea: available 3 units', 'product tea: sold -2 units'],
    ],
    [
      'a missing product that was not recorded as missing',
      { ...completedStores, skips: [skip(mismatch)], products: [] },
      ['product tea: available 2 units', 'product tea: sold -2 units'],
    ],
    [
      'another product',
      { ...completedStores, skips: [skip({ id: 'cup' })], products: [] },
      ['product tea: available 2 units', 'product tea: sold -2 units'],
    ],
  ])('do not explain %s', (_what, stores, differences) => {
    expect(describeDiscrepancies(stores).toSorted()).toEqual(differences.toSorted());
    expect(describeExplained(stores)).toEqual([]);
  });

  it('do not explain an amount at the gateway', () => {
    const twice = {
      ...completedStores,
      charges: [gatewayCharge({ captures: 2, captured: 1_600 })],
    };

    expect(describeDiscrepancies({ ...twice, skips: [skip(money)] })).toEqual(
      describeDiscrepancies(twice),
    );
  });
});

describe('an unreadable item', () => {
  const reason = 'unreadable in payments: amount: Invalid input';

  it('gives one result and excludes everything that depends on it', () => {
    const stores: StoreContents = {
      ...emptyStores,
      balances: [balanceWith(0, 1_200)],
      products: [productWith(0, 2)],
      orders: [order('COMPLETED')],
      charges: [gatewayCharge()],
      unreadable: [
        {
          kind: 'payment',
          id: 'pay_1',
          reason,
          affects: [
            { kind: 'buyer', id: 'ann' },
            { kind: 'order', id: 'ord_1' },
            { kind: 'product', id: 'tea' },
            { kind: 'charge', id: 'pay_1' },
          ],
        },
      ],
    };

    expect(describeDiscrepancies(stores)).toEqual(['payment pay_1: item 0 ']);
  });

  it('leaves all other subjects compared', () => {
    const stores: StoreContents = {
      ...completedStores,
      balances: [balanceWith(0, 0)],
      unreadableCounters: [{ kind: 'product', id: 'cup', reason, affects: [] }],
    };

    expect(describeDiscrepancies(stores)).toEqual([
      'buyer ann: available 1200 KRW',
      'buyer ann: spent -1200 KRW',
      'product cup: item 0 ',
    ]);
  });

  it('excludes everything related to the payment of an unreadable refund', () => {
    const stores: StoreContents = {
      ...refundedStores,
      refunds: [],
      unreadable: [{ kind: 'payment', id: 'pay_1', reason, affects: [] }],
    };

    expect(describeDiscrepancies(stores)).toEqual(['payment pay_1: item 0 ']);
    expect(payment().status).toBe('RESERVED');
  });
});
