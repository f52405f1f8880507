import { describe, expect, it } from 'vitest';
import { noon } from '../../../support/builders/builders.ts';
import {
  balancePayment,
  balanceWith,
  cardPayment,
  compare,
  compensatedStores,
  compensationRecords,
  completedStores,
  coupon,
  describeDiscrepancies,
  emptyStores,
  gatewayCharge,
  order,
  payment,
  productWith,
  refund,
  refundedStores,
  type StoreContents,
  storesAfterCompensation,
  storesWithHold,
  unpaid,
} from './harness.ts';

describe('reconciliation finds no discrepancy', () => {
  it.each<[string, StoreContents]>([
    ['without payments', { ...emptyStores, coupons: [] }],
    ['with a payment that waits for its charge', storesWithHold()],
    ['with a payment that is being charged', storesWithHold('claimed')],
    ['with a payment whose charge was not sent', storesWithHold('claimed', 'chargeNotSent')],
    [
      'with a payment whose buyer has not approved the charge yet',
      storesWithHold('claimed', 'actionRequired'),
    ],
    [
      'with a payment whose buyer approved the charge just now',
      { ...storesWithHold('claimed', 'actionRequired'), charges: [gatewayCharge()] },
    ],
    ['with an UNKNOWN payment that was not charged', storesWithHold('claimed', 'outcomeUnknown')],
    [
      'with an UNKNOWN payment that was charged',
      { ...storesWithHold('claimed', 'outcomeUnknown'), charges: [gatewayCharge()] },
    ],
    [
      'with a payment under review because the gateway approved another amount',
      {
        ...storesWithHold('claimed', 'reviewOpened'),
        charges: [gatewayCharge({ captured: 801 })],
      },
    ],
    ['with a completed payment', completedStores],
    [
      'with a completed payment by card alone of a buyer without a balance',
      {
        ...completedStores,
        payments: [cardPayment('claimed', 'captured')],
        balances: [],
        charges: [gatewayCharge({ captured: 2_000 })],
      },
    ],
    [
      'with a compensated payment by card alone of a buyer without a balance',
      {
        ...compensatedStores,
        payments: [cardPayment('claimed', 'declined', 'compensated')],
        balances: [],
        restorations: compensationRecords.map((record) =>
          record.of === 'balance' ? { ...record, delta: 0 } : record,
        ),
      },
    ],
    [
      'with a completed payment from the balance alone',
      {
        ...completedStores,
        payments: [balancePayment('claimed', 'captured')],
        balances: [balanceWith(0, 2_000)],
        charges: [],
      },
    ],
    [
      'with a charge of its second attempt',
      { ...completedStores, charges: [gatewayCharge({ reference: 'pay_1-2' })] },
    ],
    ['with a partly refunded payment', refundedStores],
    [
      'with a refund of units that are not restocked',
      {
        ...refundedStores,
        refunds: [refund({ lines: [{ sku: 'tea', quantity: 1, restock: false, amount: 1_000 }] })],
        products: [productWith(0, 2)],
      },
    ],
    [
      'with a second capture that was refunded',
      {
        ...completedStores,
        charges: [gatewayCharge({ captured: 1_600, captures: 2, refunded: 800 })],
      },
    ],
    [
      'with a refunded charge without a payment',
      {
        ...completedStores,
        charges: [gatewayCharge(), gatewayCharge({ reference: 'pay_x', refunded: 800 })],
      },
    ],
    [
      'with a refund that succeeded at the gateway and is still REQUESTED here',
      {
        ...completedStores,
        payments: [
          { ...payment('claimed', 'captured'), refundPending: 1_000, gatewayRefundPending: 800 },
        ],
        refunds: [refund({ status: 'REQUESTED' })],
        charges: [gatewayCharge({ refunded: 800 })],
      },
    ],
    ['with a failed payment before its compensation', storesWithHold('claimed', 'declined')],
    [
      'with a failed payment of which only the balance is restored',
      {
        ...storesWithHold('claimed', 'declined'),
        restorations: compensationRecords.slice(0, 1),
        balances: [balanceWith(0, 0)],
      },
    ],
    [
      'with a payment under review because its stock was not restored',
      {
        ...storesAfterCompensation('claimed', 'declined', 'reviewOpened'),
        restorations: compensationRecords.filter(({ of }) => of !== 'stock'),
        products: [productWith(2, 0)],
      },
    ],
    ['with a compensated payment', compensatedStores],
    ...(['expired', 'cancelled-by-buyer'] as const).flatMap(
      (cancelReason): [string, StoreContents][] => [
        [
          `with an unpaid order that ended as ${cancelReason} and a restored coupon`,
          {
            ...emptyStores,
            orders: [order('CANCELLED', { cancelReason })],
            coupons: [coupon({ status: 'AVAILABLE' })],
          },
        ],
        [
          `with an unpaid order that ended as ${cancelReason} and an expired coupon`,
          {
            ...emptyStores,
            orders: [order('CANCELLED', { cancelReason })],
            coupons: [coupon({ status: 'EXPIRED' })],
          },
        ],
        [
          `with an unpaid order that ended as ${cancelReason} and a coupon in a new order`,
          {
            ...emptyStores,
            orders: [
              order('CANCELLED', { cancelReason }),
              unpaid({ orderId: 'ord_2', expiresAt: '2000-01-01T00:00:00.000Z' }),
            ],
            coupons: [coupon({ status: 'USED', orderId: 'ord_2' })],
          },
        ],
      ],
    ),
    [
      'with a late capture that is not refunded yet',
      {
        ...storesAfterCompensation('claimed', 'declined', 'compensated', 'lateCaptured'),
        charges: [gatewayCharge()],
      },
    ],
    [
      'with a late capture that was refunded',
      {
        ...storesAfterCompensation(
          'claimed',
          'declined',
          'compensated',
          'lateCaptured',
          'reversed',
        ),
        charges: [gatewayCharge({ refunded: 800 })],
      },
    ],
    [
      'with a failed payment and a later one of the same order',
      {
        ...completedStores,
        payments: [
          ...completedStores.payments,
          { ...payment('claimed', 'declined', 'compensated'), paymentId: 'pay_0' },
        ],
        restorations: compensationRecords.map((record) => ({ ...record, paymentId: 'pay_0' })),
      },
    ],
  ])('%s', (_state, stores) => {
    expect(describeDiscrepancies(stores)).toEqual([]);
  });
});

describe('undecided payments of a reconciliation', () => {
  it.each<[string, StoreContents, object[]]>([
    [
      'a payment that is being charged',
      storesWithHold('claimed'),
      [{ status: 'CHARGING', remainingAtGateway: 0 }],
    ],
    [
      'an UNKNOWN payment, with its amount at the gateway',
      { ...storesWithHold('claimed', 'outcomeUnknown'), charges: [gatewayCharge()] },
      [
        {
          paymentId: 'pay_1',
          status: 'UNKNOWN',
          amount: 2_000,
          currency: 'KRW',
          remainingAtGateway: 800,
        },
      ],
    ],
    [
      'a payment under review',
      {
        ...storesWithHold('claimed', 'reviewOpened'),
        charges: [gatewayCharge({ captured: 801 })],
      },
      [{ status: 'IN_REVIEW', amount: 2_000, remainingAtGateway: 801 }],
    ],
    [
      'a payment whose compensation is running',
      storesWithHold('claimed', 'declined'),
      [{ status: 'FAILED' }],
    ],
    [
      'a late capture whose check is due',
      {
        ...compensatedStores,
        payments: compensatedStores.payments.map((each) => ({
          ...each,
          lateCaptureCheck: { count: 0, nextAt: noon.toISOString() },
        })),
        charges: [gatewayCharge()],
      },
      [{ status: 'COMPENSATED', remainingAtGateway: 800 }],
    ],
    ['no completed payment', completedStores, []],
    ['no compensated payment', compensatedStores, []],
  ])('include %s', (_state, stores, open) => {
    expect(describeDiscrepancies(stores)).toEqual([]);
    expect(compare(stores).undecidedPayments).toMatchObject(open);
    expect(compare(stores).undecidedPayments).toHaveLength(open.length);
  });
});
