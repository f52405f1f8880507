import { describe, expect, it } from 'vitest';
import {
  balanceWith,
  compensatedStores,
  compensationRecords,
  completedStores,
  coupon,
  describeDiscrepancies,
  discrepanciesIn,
  emptyStores,
  gatewayCharge,
  order,
  payment,
  productWith,
  refund,
  refundedStores,
  type StoreContents,
  storesWithHold,
} from './harness.ts';

describe('the proof names', () => {
  it.each<[string, StoreContents, string[]]>([
    [
      'a buyer who has one unit more than was put in',
      { ...completedStores, balances: [{ ...balanceWith(0, 2_000), available: 8_001 }] },
      ['buyer ann: available 1 KRW'],
    ],
    [
      'a buyer whose money was moved by hand',
      { ...completedStores, balances: [{ ...balanceWith(0, 2_000), available: 7_999, held: 1 }] },
      ['buyer ann: available -1 KRW', 'buyer ann: held 1 KRW'],
    ],
    [
      'a buyer who got money back while the outcome is not known',
      { ...storesWithHold('claimed', 'outcomeUnknown'), balances: [balanceWith(0, 0)] },
      ['buyer ann: available 2000 KRW', 'buyer ann: held -2000 KRW'],
    ],
    [
      'a buyer who got money back while somebody is to review it',
      { ...storesWithHold('claimed', 'reviewOpened'), balances: [balanceWith(0, 0)] },
      ['buyer ann: available 2000 KRW', 'buyer ann: held -2000 KRW'],
    ],
    [
      'a buyer who got money back by a step of a compensation while the outcome is not known',
      {
        ...storesWithHold('claimed', 'outcomeUnknown'),
        restorations: compensationRecords.slice(0, 1),
        balances: [balanceWith(0, 0)],
      },
      [
        'buyer ann: available 2000 KRW',
        'buyer ann: held -2000 KRW',
        'payment pay_1: balance ann given back 2000 KRW',
      ],
    ],
    [
      'a buyer who has spent more than there was',
      {
        ...completedStores,
        balances: [{ ...balanceWith(0, 2_000), available: -500, deposited: 1_500 }],
      },
      ['buyer ann: available -500 KRW'],
    ],
    [
      'a buyer who vanished',
      { ...completedStores, balances: [] },
      ['buyer ann: available 2000 KRW', 'buyer ann: spent -2000 KRW'],
    ],
    [
      'a product of which units were not given back',
      { ...compensatedStores, products: [productWith(2, 0)] },
      ['product tea: available -2 units', 'product tea: reserved 2 units'],
    ],
    [
      'a product that was restocked and is still counted as sold',
      { ...refundedStores, products: [productWith(0, 2)] },
      ['product tea: available -1 units', 'product tea: sold 1 units'],
    ],
    [
      'an order that is paid and does not say so',
      { ...completedStores, orders: [order()] },
      ['order ord_1: status 2000 KRW'],
    ],
    [
      'an order that is held for nobody',
      { ...compensatedStores, orders: [order()], coupons: [coupon()] },
      ['order ord_1: status 2000 KRW', 'order ord_1: active payment 2000 KRW'],
    ],
    [
      'an order whose release was forgotten when all else was given back',
      {
        ...compensatedStores,
        orders: [order()],
        restorations: compensationRecords.slice(0, 2),
        coupons: [coupon()],
      },
      ['order ord_1: status 2000 KRW', 'order ord_1: active payment 2000 KRW'],
    ],
    [
      'an order that costs something else than was paid',
      { ...completedStores, orders: [order('COMPLETED', { total: 1_999 })] },
      ['order ord_1: total -1 KRW'],
    ],
    [
      'an order that is not there',
      { ...completedStores, orders: [], coupons: [] },
      ['order ord_1: order 2000 KRW'],
    ],
    [
      'a coupon that is used by an order that is no more',
      { ...compensatedStores, coupons: [coupon()] },
      ['coupon ann/welcome: status 500 KRW'],
    ],
    [
      'a coupon that an order kept when it expired',
      { ...emptyStores, orders: [order('CANCELLED', { cancelReason: 'expired' })] },
      ['coupon ann/welcome: status 500 KRW'],
    ],
    [
      'an order that expired under a payment that was accepted',
      {
        ...storesWithHold('claimed'),
        orders: [order('CANCELLED', { cancelReason: 'expired' })],
        coupons: [coupon({ status: 'AVAILABLE' })],
      },
      ['order ord_1: status 2000 KRW', 'order ord_1: active payment 2000 KRW'],
    ],
    [
      'a coupon that is free while an order has its discount',
      { ...completedStores, coupons: [coupon({ status: 'AVAILABLE' })] },
      ['coupon ann/welcome: status 500 KRW'],
    ],
    [
      'a payment that was captured twice',
      { ...completedStores, charges: [gatewayCharge({ captured: 4_000, captures: 2 })] },
      ['payment pay_1: left at the PG 2000 KRW', 'payment pay_1: captures at the PG 2000 KRW'],
    ],
    [
      'a payment that was captured twice while nobody knows its outcome',
      {
        ...storesWithHold('claimed', 'outcomeUnknown'),
        charges: [gatewayCharge({ captured: 4_000, captures: 2 })],
      },
      ['payment pay_1: captures at the PG 2000 KRW'],
    ],
    [
      'a payment of which the PG has nothing',
      { ...completedStores, charges: [] },
      ['payment pay_1: left at the PG -2000 KRW'],
    ],
    [
      'a payment of which the PG has one unit too much',
      { ...completedStores, charges: [gatewayCharge({ captured: 2_001 })] },
      ['payment pay_1: left at the PG 1 KRW'],
    ],
    [
      'a payment that was never sent and is at the PG',
      { ...storesWithHold(), charges: [gatewayCharge()] },
      ['payment pay_1: left at the PG 2000 KRW'],
    ],
    [
      'a payment that was compensated and is at the PG',
      { ...compensatedStores, charges: [gatewayCharge()] },
      ['payment pay_1: left at the PG 2000 KRW'],
    ],
    [
      'a payment that the PG holds in another currency',
      { ...completedStores, charges: [gatewayCharge({ currency: 'USD' })] },
      ['payment pay_1: currency at the PG 2000 KRW'],
    ],
    [
      'a payment that was refunded here and not at the PG',
      { ...refundedStores, charges: [gatewayCharge()] },
      ['payment pay_1: left at the PG 1000 KRW'],
    ],
    [
      'a payment that counts a refund that is not there',
      { ...refundedStores, refunds: [], products: [productWith(0, 2)] },
      ['payment pay_1: refunded 1000 KRW'],
    ],
    [
      'a payment of which something was given back although it is paid',
      { ...completedStores, restorations: compensationRecords.slice(0, 2) },
      [
        'payment pay_1: balance ann given back 2000 KRW',
        'payment pay_1: stock tea given back 2 units',
      ],
    ],
    [
      'a payment of which less was given back than it had reserved',
      {
        ...compensatedStores,
        restorations: compensationRecords.map((record) =>
          record.of === 'balance' ? { ...record, delta: 1_999 } : record,
        ),
        balances: [{ ...balanceWith(0, 0), available: 9_999, held: 1 }],
      },
      [
        'buyer ann: available -1 KRW',
        'buyer ann: held 1 KRW',
        'payment pay_1: balance ann given back -1 KRW',
      ],
    ],
    [
      'a payment that is compensated without a record',
      {
        ...compensatedStores,
        restorations: compensationRecords.slice(0, 1),
        products: [productWith(2, 0)],
      },
      ['payment pay_1: stock tea given back -2 units'],
    ],
    [
      'a payment that stands where its journal does not lead',
      { ...completedStores, payments: [{ ...payment('claimed', 'captured'), version: 4 }] },
      ['payment pay_1: state 2000 KRW'],
    ],
    [
      'a payment whose journal has a gap',
      {
        ...completedStores,
        payments: [
          {
            ...payment('claimed', 'captured'),
            history: payment('claimed', 'captured').history.filter(({ version }) => version !== 2),
          },
        ],
      },
      ['payment pay_1: journal 2000 KRW'],
    ],
    [
      'a payment of which there are only traces',
      {
        ...emptyStores,
        coupons: [],
        restorations: compensationRecords.slice(0, 1),
        refunds: [refund()],
      },
      ['payment pay_1: balance ann given back 2000 ', 'payment pay_1: refund rfd_1 1000 '],
    ],
    [
      'a charge that no payment knows',
      {
        ...completedStores,
        charges: [gatewayCharge(), gatewayCharge({ reference: 'pay_x', captured: 777 })],
      },
      ['charge pay_x: left at the PG, for no payment 777 KRW'],
    ],
  ])('%s', (_fault, books, sentences) => {
    expect(describeDiscrepancies(books)).toEqual(sentences);
  });

  it('what was found, and what should be', () => {
    const books = {
      ...completedStores,
      balances: [{ ...balanceWith(0, 2_000), available: 8_001 }],
    };

    expect(discrepanciesIn(books)).toEqual([
      {
        kind: 'buyer',
        id: 'ann',
        check: 'available',
        found: 8_001,
        expected: 8_000,
        difference: 1,
        unit: 'KRW',
      },
    ]);
  });
});
