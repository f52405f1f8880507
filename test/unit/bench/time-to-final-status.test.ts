import { describe, expect, it } from 'vitest';
import { discrepanciesOf } from '../../bench/measure/check-books.ts';
import type { PaidPayment } from '../../bench/measure/time-to-final-status.ts';
import {
  completedPerSecond,
  finalStatusTimes,
  stagesOf,
} from '../../bench/measure/time-to-final-status.ts';

const start = Date.parse('2026-03-14T12:00:00.000Z');
const at = (seconds: number) => new Date(start + seconds * 1_000).toISOString();

const aPayment = (
  accepted: number,
  took?: number,
  given: Partial<PaidPayment> = {},
): PaidPayment => ({
  paymentId: `pay_${accepted}`,
  orderId: `ord_${accepted}`,
  userId: 'alice',
  status: took === undefined ? 'CHARGING' : 'COMPLETED',
  amount: 3_500,
  createdAt: at(accepted),
  updatedAt: at(accepted + (took ?? 0)),
  history: [
    { at: at(accepted), to: 'RESERVED' },
    { at: at(accepted + 0.5), to: 'CHARGING' },
    ...(took === undefined ? [] : [{ at: at(accepted + took), to: 'COMPLETED' as const }]),
  ],
  ...given,
});

// Two seconds of warm-up, ten of window.
const window = { warmUpS: 2, windowS: 10 };

describe('time to the final word', () => {
  it('counts those accepted in the window, and no others', () => {
    const payments = [
      aPayment(0, 1),
      aPayment(1.9, 1),
      aPayment(2, 5),
      aPayment(11.9, 5),
      aPayment(12, 1),
    ];

    expect(finalStatusTimes(payments, window)).toMatchObject({
      accepted: 2,
      completed: 2,
      medianMs: 5_000,
    });
  });

  it('takes what is late and what never ended for late', () => {
    const payments = [
      aPayment(0, 1),
      aPayment(3, 30),
      aPayment(4, 30.1),
      aPayment(5),
      aPayment(6, 5),
    ];

    const { within30s, completed, curve } = finalStatusTimes(payments, window);

    expect({ within30s, completed }).toEqual({ within30s: 0.5, completed: 3 });
    expect(curve.find(({ seconds }) => seconds === 5)?.part).toBe(0.25);
  });

  it('takes no failure for a completion', () => {
    const payments = [aPayment(0, 1), aPayment(3, 1, { status: 'COMPENSATED' })];

    expect(finalStatusTimes(payments, window)).toMatchObject({
      accepted: 1,
      completed: 0,
      within30s: 0,
    });
  });

  it('knows no time of what never ended', () => {
    expect(finalStatusTimes([aPayment(0, 1), aPayment(3)], window)).not.toHaveProperty('medianMs');
  });

  it('counts what was completed in the window, whenever it was accepted', () => {
    const payments = [aPayment(0, 3), aPayment(1, 0.5), aPayment(11, 5), aPayment(5, 1)];

    expect(completedPerSecond(payments, window)).toBe(0.2);
  });
});

describe('the parts of the way', () => {
  it('are told by the journals of those that were accepted in the window and completed', () => {
    const payments = [aPayment(0, 1), aPayment(3, 5), aPayment(4, 6), aPayment(5, 7), aPayment(6)];

    expect(stagesOf(payments, window)).toEqual({ untilClaimedMs: 500, untilChargedMs: 5_500 });
  });

  it('are not told where nothing was completed', () => {
    expect(stagesOf([aPayment(0), aPayment(3)], window)).toBeUndefined();
  });
});

describe('the proof after a load', () => {
  const completed = aPayment(1, 1);
  const open = aPayment(2);
  const charge = { reference: completed.paymentId, amount: 3_500 };
  const books = {
    payments: [completed, open],
    balances: [
      {
        userId: 'alice',
        currency: 'KRW',
        available: 0,
        held: 3_500,
        spent: 3_500,
        deposited: 7_000,
      },
    ],
    products: [{ sku: 'tea', available: 3, reserved: 1, sold: 1, received: 5 }],
    orders: [
      { orderId: 'ord_1', status: 'COMPLETED' },
      { orderId: 'ord_2', status: 'PAYING' },
      { orderId: 'ord_3', status: 'PENDING_PAYMENT' },
    ],
    charges: [charge],
  };
  const discrepancies = (given: object = {}) =>
    discrepanciesOf({ ...books, ...given } as Parameters<typeof discrepanciesOf>[0]);

  it('finds nothing where all adds up, whether an open payment is captured yet or not', () => {
    expect(discrepancies()).toEqual([]);
    const both = [charge, { ...charge, reference: open.paymentId }];
    expect(discrepancies({ charges: both })).toEqual([]);
  });

  it.each([
    ['money that is held for nobody', { payments: [completed] }, 'money held'],
    ['a completed payment that spent nothing', { balances: [] }, 'money spent'],
    [
      'a unit sold to nobody',
      { payments: [open, { ...completed, status: 'COMPENSATED' }] },
      'units sold',
    ],
    ['an order that is not paid', { orders: [] }, 'orders completed'],
    [
      'two payments of one order',
      { payments: [completed, { ...open, orderId: 'ord_1' }] },
      'payments of an order',
    ],
    ['money that the PG does not have', { charges: [] }, 'the PG took 0'],
    ['money that the PG has twice', { charges: [charge, charge] }, 'the PG took 7000'],
    [
      'a row that lost something',
      { products: [{ sku: 'tea', available: 2, reserved: 1, sold: 1, received: 5 }] },
      'a row does not add up',
    ],
  ])('finds %s', (_, given, sentence) => {
    expect(discrepancies(given)).toContainEqual(expect.stringContaining(sentence));
  });
});
