import { describe, expect, it } from 'vitest';
import { noon } from '../../../support/builders/builders.ts';
import {
  type Books,
  base,
  charged,
  compensated,
  coupon,
  givenBack,
  holding,
  judged,
  moneyIn,
  order,
  paid,
  payment,
  refund,
  refunded,
  told,
  undone,
  unitsIn,
  unpaid,
} from './harness.ts';

describe('the books agree', () => {
  it.each<[string, Books]>([
    ['where nothing was ever bought', { ...base, coupons: [] }],
    ['with a payment that waits for its charge', holding()],
    ['with one that is being charged', holding('claimed')],
    ['with one that could not be sent', holding('claimed', 'unsent')],
    ['with an unknown one that was not charged', holding('claimed', 'outcomeUnknown')],
    [
      'with an unknown one that was charged',
      { ...holding('claimed', 'outcomeUnknown'), charges: [charged()] },
    ],
    [
      'with one in review because the PG approved another amount',
      { ...holding('claimed', 'reviewOpened'), charges: [charged({ captured: 2_001 })] },
    ],
    ['with a completed one', paid],
    ['with one that was partly refunded', refunded],
    [
      'with a refund of what does not go back on the shelf',
      {
        ...refunded,
        refunds: [refund({ lines: [{ sku: 'tea', quantity: 1, restock: false, amount: 1_000 }] })],
        products: [unitsIn(0, 2)],
      },
    ],
    [
      'with one that was captured twice, and once paid back',
      { ...paid, charges: [charged({ captured: 4_000, captures: 2, refunded: 2_000 })] },
    ],
    [
      'with a charge that no payment knows, and that was paid back',
      { ...paid, charges: [charged(), charged({ reference: 'pay_x', refunded: 2_000 })] },
    ],
    [
      'with a refund that the PG has made, and nobody here knows yet',
      {
        ...paid,
        payments: [{ ...payment('claimed', 'captured'), refundPending: 1_000 }],
        refunds: [refund({ status: 'REQUESTED' })],
        charges: [charged({ refunded: 1_000 })],
      },
    ],
    ['with a failed one of which nothing is back yet', holding('claimed', 'declined')],
    [
      'with a failed one of which the money is back, and nothing else yet',
      {
        ...holding('claimed', 'declined'),
        undone: givenBack.slice(0, 1),
        balances: [moneyIn(0, 0)],
      },
    ],
    [
      'with one in review for want of its stock',
      {
        ...undone('claimed', 'declined', 'reviewOpened'),
        undone: givenBack.filter(({ of }) => of !== 'stock'),
        products: [unitsIn(2, 0)],
      },
    ],
    ['with a compensated one', compensated],
    ...(['expired', 'cancelled-by-buyer'] as const).flatMap((cancelReason): [string, Books][] => [
      [
        `with an order that was never paid: ${cancelReason}, and its coupon is back`,
        {
          ...base,
          orders: [order('CANCELLED', { cancelReason })],
          coupons: [coupon({ status: 'AVAILABLE' })],
        },
      ],
      [
        `with one whose coupon ran out too: ${cancelReason}`,
        {
          ...base,
          orders: [order('CANCELLED', { cancelReason })],
          coupons: [coupon({ status: 'EXPIRED' })],
        },
      ],
      [
        `with one whose coupon another order uses now: ${cancelReason}`,
        {
          ...base,
          orders: [
            order('CANCELLED', { cancelReason }),
            unpaid({ orderId: 'ord_2', expiresAt: '2000-01-01T00:00:00.000Z' }),
          ],
          coupons: [coupon({ status: 'USED', orderId: 'ord_2' })],
        },
      ],
    ]),
    [
      'with one that was captured late and is not refunded yet',
      { ...undone('claimed', 'declined', 'compensated', 'lateCaptured'), charges: [charged()] },
    ],
    [
      'with one that was captured late and refunded',
      {
        ...undone('claimed', 'declined', 'compensated', 'lateCaptured', 'reversed'),
        charges: [charged({ refunded: 2_000 })],
      },
    ],
    [
      'with one that another payment of the order came after',
      {
        ...paid,
        payments: [
          ...paid.payments,
          { ...payment('claimed', 'declined', 'compensated'), paymentId: 'pay_0' },
        ],
        undone: givenBack.map((record) => ({ ...record, paymentId: 'pay_0' })),
      },
    ],
  ])('%s', (_state, books) => {
    expect(told(books)).toEqual([]);
  });
});

describe('what is open', () => {
  it.each<[string, Books, object[]]>([
    ['a payment on its way', holding('claimed'), [{ status: 'CHARGING', atPg: 0 }]],
    [
      'one of an unknown outcome, with what the PG has of it',
      { ...holding('claimed', 'outcomeUnknown'), charges: [charged()] },
      [{ paymentId: 'pay_1', status: 'UNKNOWN', amount: 2_000, currency: 'KRW', atPg: 2_000 }],
    ],
    [
      'one in review',
      { ...holding('claimed', 'reviewOpened'), charges: [charged({ captured: 2_001 })] },
      [{ status: 'IN_REVIEW', amount: 2_000, atPg: 2_001 }],
    ],
    ['one whose compensation goes on', holding('claimed', 'declined'), [{ status: 'FAILED' }]],
    [
      'one that landed after it was given up, and will be asked about again',
      {
        ...compensated,
        payments: compensated.payments.map((each) => ({
          ...each,
          lateCheck: { made: 0, dueAt: noon.toISOString() },
        })),
        charges: [charged()],
      },
      [{ status: 'COMPENSATED', atPg: 2_000 }],
    ],
    ['nothing that is paid', paid, []],
    ['nothing that is compensated', compensated, []],
  ])('is %s', (_state, books, open) => {
    expect(told(books)).toEqual([]);
    expect(judged(books).open).toMatchObject(open);
    expect(judged(books).open).toHaveLength(open.length);
  });
});
