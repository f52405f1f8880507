import { describe, expect, it } from 'vitest';
import type { StockPart } from '../../../../shared/domain/orders/stock-shards.ts';
import {
  balanceWith,
  compensatedStores,
  compensationRecords,
  completedStores,
  coupon,
  describeDiscrepancies,
  discrepanciesIn,
  emptyStores,
  order,
  productWith,
  refundedStores,
  type StoreContents,
  storesWithHold,
} from './harness.ts';

describe('reconciliation of a product with shards', () => {
  const sold = (parts: readonly StockPart[]): StoreContents => ({
    ...completedStores,
    payments: completedStores.payments.map((payment) => ({
      ...payment,
      reservation: { balance: 1_200, lines: [{ sku: 'tea', quantity: 2, parts }] },
    })),
  });
  const parts = [
    { sku: 'tea', quantity: 1 },
    { sku: 'tea#1', quantity: 1 },
  ];
  const product = { ...productWith(0, 1), stockShards: 2, stockShardsCreated: 2 };
  const shard = { ...productWith(0, 1), sku: 'tea#1', shardOf: 'tea' };

  it.each<[string, StoreContents, string[]]>([
    [
      'nothing if each shard has sold its units',
      { ...sold(parts), products: [product, shard] },
      [],
    ],
    [
      'a shard that has sold a unit of another one',
      {
        ...sold(parts),
        products: [
          { ...product, ...productWith(0, 2) },
          { ...shard, sold: 0 },
        ],
      },
      [
        'product tea: available -1 units',
        'product tea: sold 1 units',
        'product tea#1: sold -1 units',
      ],
    ],
    [
      'a shard that its product does not know',
      { ...sold(parts), products: [productWith(0, 1), shard] },
      ['product tea#1: unknown shard 99 units'],
    ],
    [
      'a restocked unit that its shard has not got back',
      {
        ...sold([
          { sku: 'tea', quantity: 1 },
          { sku: 'tea#1', quantity: 1, restocked: 1 },
        ]),
        products: [product, shard],
      },
      ['product tea#1: available -1 units', 'product tea#1: sold 1 units'],
    ],
  ])('reports %s', (_, stores, expected) => {
    expect(describeDiscrepancies(stores)).toEqual(expected);
  });
});

describe('reconciliation reports a discrepancy for', () => {
  it.each<[string, StoreContents, string[]]>([
    [
      'a balance with one unit more than was deposited',
      { ...completedStores, balances: [{ ...balanceWith(0, 1_200), available: 8_801 }] },
      ['buyer ann: available 1 KRW'],
    ],
    [
      'a balance whose amount was moved by hand',
      { ...completedStores, balances: [{ ...balanceWith(0, 1_200), available: 8_799, held: 1 }] },
      ['buyer ann: available -1 KRW', 'buyer ann: held 1 KRW'],
    ],
    [
      'a balance restored while the outcome is unknown',
      { ...storesWithHold('claimed', 'outcomeUnknown'), balances: [balanceWith(0, 0)] },
      ['buyer ann: available 1200 KRW', 'buyer ann: held -1200 KRW'],
    ],
    [
      'a balance restored while the payment is under review',
      { ...storesWithHold('claimed', 'reviewOpened'), balances: [balanceWith(0, 0)] },
      ['buyer ann: available 1200 KRW', 'buyer ann: held -1200 KRW'],
    ],
    [
      'a balance that compensation restored while the outcome is unknown',
      {
        ...storesWithHold('claimed', 'outcomeUnknown'),
        restorations: compensationRecords.slice(0, 1),
        balances: [balanceWith(0, 0)],
      },
      [
        'buyer ann: available 1200 KRW',
        'buyer ann: held -1200 KRW',
        'payment pay_1: balance ann restored 1200 KRW',
      ],
    ],
    [
      'a balance that is negative',
      {
        ...completedStores,
        balances: [{ ...balanceWith(0, 1_200), available: -500, deposited: 700 }],
      },
      ['buyer ann: available -500 KRW'],
    ],
    [
      'a missing balance',
      { ...completedStores, balances: [] },
      ['buyer ann: available 1200 KRW', 'buyer ann: spent -1200 KRW'],
    ],
    [
      'a product whose units were not restored',
      { ...compensatedStores, products: [productWith(2, 0)] },
      ['product tea: available -2 units', 'product tea: reserved 2 units'],
    ],
    [
      'a product that was restocked and is still counted as sold',
      { ...refundedStores, products: [productWith(0, 2)] },
      ['product tea: available -1 units', 'product tea: sold 1 units'],
    ],
    [
      'an order that is paid and not COMPLETED',
      { ...completedStores, orders: [order()] },
      ['order ord_1: status 2000 KRW'],
    ],
    [
      'an order that a compensated payment still holds',
      { ...compensatedStores, orders: [order()], coupons: [coupon()] },
      ['order ord_1: status 2000 KRW', 'order ord_1: active payment 2000 KRW'],
    ],
    [
      'an order that compensation did not release',
      {
        ...compensatedStores,
        orders: [order()],
        restorations: compensationRecords.slice(0, 2),
        coupons: [coupon()],
      },
      ['order ord_1: status 2000 KRW', 'order ord_1: active payment 2000 KRW'],
    ],
    [
      'an order whose total differs from its payment',
      { ...completedStores, orders: [order('COMPLETED', { total: 1_999 })] },
      ['order ord_1: total -1 KRW'],
    ],
    [
      'a missing order',
      { ...completedStores, orders: [], coupons: [] },
      ['order ord_1: order 2000 KRW'],
    ],
    [
      'a coupon that a cancelled order still uses',
      { ...compensatedStores, coupons: [coupon()] },
      ['coupon ann/welcome: status 500 KRW'],
    ],
    [
      'a coupon that an expired order still uses',
      { ...emptyStores, orders: [order('CANCELLED', { cancelReason: 'expired' })] },
      ['coupon ann/welcome: status 500 KRW'],
    ],
    [
      'an order that expired while a payment held it',
      {
        ...storesWithHold('claimed'),
        orders: [order('CANCELLED', { cancelReason: 'expired' })],
        coupons: [coupon({ status: 'AVAILABLE' })],
      },
      ['order ord_1: status 2000 KRW', 'order ord_1: active payment 2000 KRW'],
    ],
    [
      'a coupon that is AVAILABLE while an order uses it',
      { ...completedStores, coupons: [coupon({ status: 'AVAILABLE' })] },
      ['coupon ann/welcome: status 500 KRW'],
    ],
  ])('%s', (_fault, stores, sentences) => {
    expect(describeDiscrepancies(stores)).toEqual(sentences);
  });

  it('a balance, with the found and the expected value', () => {
    const stores = {
      ...completedStores,
      balances: [{ ...balanceWith(0, 1_200), available: 8_801 }],
    };

    expect(discrepanciesIn(stores)).toEqual([
      {
        kind: 'buyer',
        id: 'ann',
        check: 'available',
        found: 8_801,
        expected: 8_800,
        difference: 1,
        unit: 'KRW',
      },
    ]);
  });
});
