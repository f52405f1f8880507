import { describe, expect, it } from 'vitest';
import {
  balancePayment,
  balanceWith,
  cardPayment,
  compensatedStores,
  compensationRecords,
  completedStores,
  describeDiscrepancies,
  emptyStores,
  gatewayCharge,
  payment,
  productWith,
  refund,
  refundedStores,
  type StoreContents,
  storesWithHold,
} from './harness.ts';

describe('reconciliation of payments reports a discrepancy for', () => {
  it.each<[string, StoreContents, string[]]>([
    [
      'a payment captured twice',
      { ...completedStores, charges: [gatewayCharge({ captured: 1_600, captures: 2 })] },
      ['payment pay_1: gateway balance 800 KRW', 'payment pay_1: gateway captures 800 KRW'],
    ],
    [
      'a payment captured twice while its outcome is unknown',
      {
        ...storesWithHold('claimed', 'outcomeUnknown'),
        charges: [gatewayCharge({ captured: 1_600, captures: 2 })],
      },
      ['payment pay_1: gateway captures 800 KRW'],
    ],
    [
      'a completed payment without a charge at the gateway',
      { ...completedStores, charges: [] },
      ['payment pay_1: gateway balance -800 KRW'],
    ],
    [
      'a payment of which the gateway captured one unit too much',
      { ...completedStores, charges: [gatewayCharge({ captured: 801 })] },
      ['payment pay_1: gateway balance 1 KRW'],
    ],
    [
      'a payment whose balance part was charged as well',
      { ...completedStores, charges: [gatewayCharge({ captured: 2_000 })] },
      ['payment pay_1: gateway balance 1200 KRW'],
    ],
    [
      'a balance that paid the part of the gateway as well',
      { ...completedStores, balances: [balanceWith(0, 2_000)] },
      ['buyer ann: available -800 KRW', 'buyer ann: spent 800 KRW'],
    ],
    [
      'a balance that was spent by a payment by card alone',
      {
        ...completedStores,
        payments: [cardPayment('claimed', 'captured')],
        charges: [gatewayCharge({ captured: 2_000 })],
      },
      ['buyer ann: available -1200 KRW', 'buyer ann: spent 1200 KRW'],
    ],
    [
      'a charge of a payment from the balance alone',
      {
        ...completedStores,
        payments: [balancePayment('claimed', 'captured')],
        balances: [balanceWith(0, 2_000)],
      },
      ['payment pay_1: gateway balance 800 KRW'],
    ],
    [
      'a payment captured by two of its attempts',
      { ...completedStores, charges: [gatewayCharge(), gatewayCharge({ reference: 'pay_1-2' })] },
      ['payment pay_1: gateway balance 800 KRW', 'payment pay_1: gateway captures 800 KRW'],
    ],
    [
      'a charge of a payment that was never sent',
      { ...storesWithHold(), charges: [gatewayCharge()] },
      ['payment pay_1: gateway balance 800 KRW'],
    ],
    [
      'a charge of a compensated payment',
      { ...compensatedStores, charges: [gatewayCharge()] },
      ['payment pay_1: gateway balance 800 KRW'],
    ],
    [
      'a charge in another currency',
      { ...completedStores, charges: [gatewayCharge({ currency: 'USD' })] },
      ['payment pay_1: gateway currency 800 KRW'],
    ],
    [
      'a refund that the gateway does not have',
      { ...refundedStores, charges: [gatewayCharge()] },
      ['payment pay_1: gateway balance 800 KRW'],
    ],
    [
      'a refunded amount without a refund',
      { ...refundedStores, refunds: [], products: [productWith(0, 2)] },
      ['payment pay_1: refunded 1000 KRW', 'payment pay_1: gatewayRefunded 800 KRW'],
    ],
    [
      'a refund of which the payment counts another part of the gateway',
      { ...refundedStores, refunds: [refund({ gatewayAmount: 700 })] },
      ['payment pay_1: gatewayRefunded 100 KRW'],
    ],
    [
      'a pending refund of which the payment counts no part of the gateway',
      {
        ...completedStores,
        payments: [{ ...payment('claimed', 'captured'), refundPending: 1_000 }],
        refunds: [refund({ status: 'REQUESTED' })],
      },
      ['payment pay_1: gatewayRefundPending -800 KRW'],
    ],
    [
      'refunds at the gateway of more than it charged',
      {
        ...refundedStores,
        payments: [{ ...payment('claimed', 'captured'), refunded: 1_000, gatewayRefunded: 1_000 }],
        refunds: [refund({ gatewayAmount: 1_000 })],
        balances: [balanceWith(0, 1_200)],
        charges: [gatewayCharge({ refunded: 1_000 })],
      },
      ['payment pay_1: gateway refunds above its part 200 KRW'],
    ],
    [
      'refunds to the balance of more than it paid',
      {
        ...refundedStores,
        payments: [{ ...payment('claimed', 'captured'), refunded: 1_300 }],
        refunds: [refund({ amount: 1_300, gatewayAmount: 0 })],
        balances: [{ ...balanceWith(0, 0), available: 10_100, spent: -100 }],
        charges: [gatewayCharge()],
      },
      ['buyer ann: spent -100 KRW', 'payment pay_1: balance refunds above its part 100 KRW'],
    ],
    [
      'a compensation record of a completed payment',
      { ...completedStores, restorations: compensationRecords.slice(0, 2) },
      ['payment pay_1: balance ann restored 1200 KRW', 'payment pay_1: stock tea restored 2 units'],
    ],
    [
      'a payment that restored less than it had reserved',
      {
        ...compensatedStores,
        restorations: compensationRecords.map((record) =>
          record.of === 'balance' ? { ...record, delta: 1_199 } : record,
        ),
        balances: [{ ...balanceWith(0, 0), available: 9_999, held: 1 }],
      },
      [
        'buyer ann: available -1 KRW',
        'buyer ann: held 1 KRW',
        'payment pay_1: balance ann restored -1 KRW',
      ],
    ],
    [
      'a compensated payment without a record of its stock',
      {
        ...compensatedStores,
        restorations: compensationRecords.slice(0, 1),
        products: [productWith(2, 0)],
      },
      ['payment pay_1: stock tea restored -2 units'],
    ],
    [
      'a payment whose status does not match its history',
      { ...completedStores, payments: [{ ...payment('claimed', 'captured'), version: 4 }] },
      ['payment pay_1: state 2000 KRW'],
    ],
    [
      'a payment whose history has a gap',
      {
        ...completedStores,
        payments: [
          {
            ...payment('claimed', 'captured'),
            history: payment('claimed', 'captured').history.filter(({ version }) => version !== 2),
          },
        ],
      },
      ['payment pay_1: history 2000 KRW'],
    ],
    [
      'records and refunds without a payment',
      {
        ...emptyStores,
        coupons: [],
        restorations: compensationRecords.slice(0, 1),
        refunds: [refund()],
      },
      ['payment pay_1: balance ann restored 1200 ', 'payment pay_1: refund rfd_1 1000 '],
    ],
    [
      'a charge without a payment',
      {
        ...completedStores,
        charges: [gatewayCharge(), gatewayCharge({ reference: 'pay_x', captured: 777 })],
      },
      ['charge pay_x: gateway balance without a payment 777 KRW'],
    ],
  ])('%s', (_fault, stores, sentences) => {
    expect(describeDiscrepancies(stores)).toEqual(sentences);
  });
});
