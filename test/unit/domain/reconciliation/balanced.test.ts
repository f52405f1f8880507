import { describe, expect, it } from 'vitest';
import { noon } from '../../../support/builders/builders.ts';
import {
  balanceWith,
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

describe('the books agree', () => {
  it.each<[string, StoreContents]>([
    ['where nothing was ever bought', { ...emptyStores, coupons: [] }],
    ['with a payment that waits for its charge', storesWithHold()],
    ['with one that is being charged', storesWithHold('claimed')],
    ['with one that could not be sent', storesWithHold('claimed', 'chargeNotSent')],
    ['with an unknown one that was not charged', storesWithHold('claimed', 'outcomeUnknown')],
    [
      'with an unknown one that was charged',
      { ...storesWithHold('claimed', 'outcomeUnknown'), charges: [gatewayCharge()] },
    ],
    [
      'with one in review because the PG approved another amount',
      {
        ...storesWithHold('claimed', 'reviewOpened'),
        charges: [gatewayCharge({ captured: 2_001 })],
      },
    ],
    ['with a completed one', completedStores],
    ['with one that was partly refunded', refundedStores],
    [
      'with a refund of what does not go back on the shelf',
      {
        ...refundedStores,
        refunds: [refund({ lines: [{ sku: 'tea', quantity: 1, restock: false, amount: 1_000 }] })],
        products: [productWith(0, 2)],
      },
    ],
    [
      'with one that was captured twice, and once paid back',
      {
        ...completedStores,
        charges: [gatewayCharge({ captured: 4_000, captures: 2, refunded: 2_000 })],
      },
    ],
    [
      'with a charge that no payment knows, and that was paid back',
      {
        ...completedStores,
        charges: [gatewayCharge(), gatewayCharge({ reference: 'pay_x', refunded: 2_000 })],
      },
    ],
    [
      'with a refund that the PG has made, and nobody here knows yet',
      {
        ...completedStores,
        payments: [{ ...payment('claimed', 'captured'), refundPending: 1_000 }],
        refunds: [refund({ status: 'REQUESTED' })],
        charges: [gatewayCharge({ refunded: 1_000 })],
      },
    ],
    ['with a failed one of which nothing is back yet', storesWithHold('claimed', 'declined')],
    [
      'with a failed one of which the money is back, and nothing else yet',
      {
        ...storesWithHold('claimed', 'declined'),
        restorations: compensationRecords.slice(0, 1),
        balances: [balanceWith(0, 0)],
      },
    ],
    [
      'with one in review for want of its stock',
      {
        ...storesAfterCompensation('claimed', 'declined', 'reviewOpened'),
        restorations: compensationRecords.filter(({ of }) => of !== 'stock'),
        products: [productWith(2, 0)],
      },
    ],
    ['with a compensated one', compensatedStores],
    ...(['expired', 'cancelled-by-buyer'] as const).flatMap(
      (cancelReason): [string, StoreContents][] => [
        [
          `with an order that was never paid: ${cancelReason}, and its coupon is back`,
          {
            ...emptyStores,
            orders: [order('CANCELLED', { cancelReason })],
            coupons: [coupon({ status: 'AVAILABLE' })],
          },
        ],
        [
          `with one whose coupon ran out too: ${cancelReason}`,
          {
            ...emptyStores,
            orders: [order('CANCELLED', { cancelReason })],
            coupons: [coupon({ status: 'EXPIRED' })],
          },
        ],
        [
          `with one whose coupon another order uses now: ${cancelReason}`,
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
      'with one that was captured late and is not refunded yet',
      {
        ...storesAfterCompensation('claimed', 'declined', 'compensated', 'lateCaptured'),
        charges: [gatewayCharge()],
      },
    ],
    [
      'with one that was captured late and refunded',
      {
        ...storesAfterCompensation(
          'claimed',
          'declined',
          'compensated',
          'lateCaptured',
          'reversed',
        ),
        charges: [gatewayCharge({ refunded: 2_000 })],
      },
    ],
    [
      'with one that another payment of the order came after',
      {
        ...completedStores,
        payments: [
          ...completedStores.payments,
          { ...payment('claimed', 'declined', 'compensated'), paymentId: 'pay_0' },
        ],
        restorations: compensationRecords.map((record) => ({ ...record, paymentId: 'pay_0' })),
      },
    ],
  ])('%s', (_state, books) => {
    expect(describeDiscrepancies(books)).toEqual([]);
  });
});

describe('what is open', () => {
  it.each<[string, StoreContents, object[]]>([
    ['a payment on its way', storesWithHold('claimed'), [{ status: 'CHARGING', gatewayAmount: 0 }]],
    [
      'one of an unknown outcome, with what the PG has of it',
      { ...storesWithHold('claimed', 'outcomeUnknown'), charges: [gatewayCharge()] },
      [
        {
          paymentId: 'pay_1',
          status: 'UNKNOWN',
          amount: 2_000,
          currency: 'KRW',
          gatewayAmount: 2_000,
        },
      ],
    ],
    [
      'one in review',
      {
        ...storesWithHold('claimed', 'reviewOpened'),
        charges: [gatewayCharge({ captured: 2_001 })],
      },
      [{ status: 'IN_REVIEW', amount: 2_000, gatewayAmount: 2_001 }],
    ],
    [
      'one whose compensation goes on',
      storesWithHold('claimed', 'declined'),
      [{ status: 'FAILED' }],
    ],
    [
      'one that landed after it was given up, and will be asked about again',
      {
        ...compensatedStores,
        payments: compensatedStores.payments.map((each) => ({
          ...each,
          lateCaptureCheck: { count: 0, nextAt: noon.toISOString() },
        })),
        charges: [gatewayCharge()],
      },
      [{ status: 'COMPENSATED', gatewayAmount: 2_000 }],
    ],
    ['nothing that is paid', completedStores, []],
    ['nothing that is compensated', compensatedStores, []],
  ])('is %s', (_state, books, open) => {
    expect(describeDiscrepancies(books)).toEqual([]);
    expect(compare(books).undecidedPayments).toMatchObject(open);
    expect(compare(books).undecidedPayments).toHaveLength(open.length);
  });
});
