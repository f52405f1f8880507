import { describe, expect, it } from 'vitest';
import type { Skip } from '../../../../shared/domain/reconciliation/records.ts';
import {
  type Books,
  base,
  charged,
  compensated,
  coupon,
  explained,
  moneyIn,
  order,
  paid,
  payment,
  refunded,
  told,
  unitsIn,
} from './harness.ts';

const skip = (given: Partial<Skip>): Skip => ({
  paymentId: 'pay_1',
  during: 'capture',
  of: 'stock',
  id: 'tea',
  delta: 2,
  cause: 'target-missing',
  ...given,
});

const money = { of: 'balance', id: 'ann', delta: 2_000 } as const;
const disagrees = { cause: 'target-disagrees' } as const;
const ofOrder = { of: 'order', id: 'ord_1', delta: 0 } as const;

describe('the proof explains', () => {
  it.each<[string, Books, string[]]>([
    [
      'a product that was gone when it was sold',
      { ...paid, skips: [skip({})], products: [] },
      ['product tea: sold -2 units', 'product tea: available 2 units'],
    ],
    [
      'a product that was created again before it was sold',
      { ...paid, skips: [skip(disagrees)], products: [unitsIn(0, 0)] },
      ['product tea: available 2 units', 'product tea: sold -2 units'],
    ],
    [
      'a product of which one unit was still reserved',
      { ...paid, skips: [skip(disagrees)], products: [unitsIn(1, 0)] },
      [
        'product tea: available 1 units',
        'product tea: reserved 1 units',
        'product tea: sold -2 units',
      ],
    ],
    [
      'a product that was gone when a unit of it came back',
      { ...refunded, skips: [skip({ during: 'refund', delta: 1 })], products: [] },
      ['product tea: available 1 units', 'product tea: sold -1 units'],
    ],
    [
      'a unit that no sale was left to be taken from',
      {
        ...refunded,
        skips: [skip({ during: 'refund', delta: 1, ...disagrees })],
        products: [unitsIn(0, 2)],
      },
      ['product tea: available -1 units', 'product tea: sold 1 units'],
    ],
    [
      'a product that was gone when it was to be given back',
      {
        ...compensated,
        skips: [skip({ during: 'compensation', delta: 0 })],
        products: [unitsIn(2, 0)],
      },
      ['product tea: available -2 units', 'product tea: reserved 2 units'],
    ],
    [
      'a wallet that was deleted with money in it',
      { ...paid, skips: [skip(money)], balances: [] },
      ['buyer ann: available 2000 KRW', 'buyer ann: spent -2000 KRW'],
    ],
    [
      'a wallet with less held than was paid',
      { ...paid, skips: [skip({ ...money, ...disagrees })], balances: [moneyIn(1_500, 0)] },
      ['buyer ann: available 500 KRW', 'buyer ann: held 1500 KRW', 'buyer ann: spent -2000 KRW'],
    ],
    [
      'an order that was gone when it was paid, and its coupon with it',
      { ...paid, skips: [skip(ofOrder)], orders: [] },
      ['order ord_1: order 2000 KRW', 'coupon ann/welcome: status 500 KRW'],
    ],
    [
      'an order that another payment had paid when a person let the capture stand',
      {
        ...paid,
        skips: [skip({ ...ofOrder, ...disagrees })],
        orders: [order('CANCELLED')],
        coupons: [coupon({ status: 'AVAILABLE' })],
      },
      ['order ord_1: status 2000 KRW', 'order ord_1: active payment 2000 KRW'],
    ],
  ])('%s', (_what, books, differences) => {
    expect(explained(books).toSorted()).toEqual(differences.toSorted());
    expect(told(books)).toEqual([]);
  });

  it('nothing any more once the product was corrected', () => {
    const books = { ...paid, skips: [skip(disagrees)] };

    expect(explained(books)).toEqual([]);
    expect(told(books)).toEqual([]);
  });

  it.each<[string, Books, string[]]>([
    [
      'more units than the skipped booking',
      { ...paid, skips: [skip({ ...disagrees, delta: 1 })], products: [unitsIn(0, 0)] },
      ['product tea: available 2 units', 'product tea: sold -2 units'],
    ],
    [
      'units in the wrong column',
      { ...paid, skips: [skip(disagrees)], products: [unitsIn(3, 0)] },
      [
        'product tea: available -1 units',
        'product tea: reserved 3 units',
        'product tea: sold -2 units',
      ],
    ],
    [
      'columns that do not add up',
      { ...paid, skips: [skip(disagrees)], products: [{ ...unitsIn(0, 0), available: 101 }] },
      ['product tea: available 3 units', 'product tea: sold -2 units'],
    ],
    [
      'a product that nobody found to be gone',
      { ...paid, skips: [skip(disagrees)], products: [] },
      ['product tea: available 2 units', 'product tea: sold -2 units'],
    ],
    [
      'another product',
      { ...paid, skips: [skip({ id: 'cup' })], products: [] },
      ['product tea: available 2 units', 'product tea: sold -2 units'],
    ],
  ])('not %s', (_what, books, differences) => {
    expect(told(books).toSorted()).toEqual(differences.toSorted());
    expect(explained(books)).toEqual([]);
  });

  it('no money at the gateway', () => {
    const twice = { ...paid, charges: [charged({ captures: 2, captured: 4_000 })] };

    expect(told({ ...twice, skips: [skip(money)] })).toEqual(told(twice));
  });
});

describe('an item that cannot be read', () => {
  const why = 'unreadable in payments: amount: Invalid input';

  it('is one finding, and nothing that depends on it is judged', () => {
    const books: Books = {
      ...base,
      balances: [moneyIn(0, 2_000)],
      products: [unitsIn(0, 2)],
      orders: [order('COMPLETED')],
      charges: [charged()],
      unreadable: [
        {
          kind: 'payment',
          id: 'pay_1',
          why,
          touches: [
            { kind: 'buyer', id: 'ann' },
            { kind: 'order', id: 'ord_1' },
            { kind: 'product', id: 'tea' },
            { kind: 'charge', id: 'pay_1' },
          ],
        },
      ],
    };

    expect(told(books)).toEqual(['payment pay_1: item 0 ']);
  });

  it('leaves all others judged', () => {
    const books: Books = {
      ...paid,
      balances: [moneyIn(0, 0)],
      unreadableCounters: [{ kind: 'product', id: 'cup', why, touches: [] }],
    };

    expect(told(books)).toEqual([
      'buyer ann: available 2000 KRW',
      'buyer ann: spent -2000 KRW',
      'product cup: item 0 ',
    ]);
  });

  it('suspends the payment of a refund with all that the payment touches', () => {
    const books: Books = {
      ...refunded,
      refunds: [],
      unreadable: [{ kind: 'payment', id: 'pay_1', why, touches: [] }],
    };

    expect(told(books)).toEqual(['payment pay_1: item 0 ']);
    expect(payment().status).toBe('RESERVED');
  });
});
