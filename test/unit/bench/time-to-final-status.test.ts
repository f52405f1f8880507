import { describe, expect, it } from 'vitest';
import { discrepanciesOf } from '../../bench/measure/check-consistency.ts';
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
  gatewayAmount: 2_000,
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

describe('time to the final status', () => {
  it('counts only payments accepted in the window', () => {
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

  it('counts late and unfinished payments as late', () => {
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

  it('does not count failures as completions', () => {
    const payments = [aPayment(0, 1), aPayment(3, 1, { status: 'COMPENSATED' })];

    expect(finalStatusTimes(payments, window)).toMatchObject({
      accepted: 1,
      completed: 0,
      within30s: 0,
    });
  });

  it('returns no times without completed payments', () => {
    expect(finalStatusTimes([aPayment(0, 1), aPayment(3)], window)).not.toHaveProperty('medianMs');
  });

  it('counts payments completed in the window, whenever accepted', () => {
    const payments = [aPayment(0, 3), aPayment(1, 0.5), aPayment(11, 5), aPayment(5, 1)];

    expect(completedPerSecond(payments, window)).toBe(0.2);
  });
});

describe('stage times', () => {
  it('reads the histories of completed payments accepted in the window', () => {
    const payments = [aPayment(0, 1), aPayment(3, 5), aPayment(4, 6), aPayment(5, 7), aPayment(6)];

    expect(stagesOf(payments, window)).toEqual({ untilClaimedMs: 500, untilChargedMs: 5_500 });
  });

  it('returns undefined without completed payments', () => {
    expect(stagesOf([aPayment(0), aPayment(3)], window)).toBeUndefined();
  });
});

describe('consistency check after a load', () => {
  const completed = aPayment(1, 1);
  const open = aPayment(2);
  const charge = { reference: completed.paymentId, amount: 2_000 };
  const snapshot = {
    payments: [completed, open],
    balances: [
      {
        userId: 'alice',
        currency: 'KRW',
        available: 0,
        held: 1_500,
        spent: 1_500,
        deposited: 3_000,
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
    discrepanciesOf({ ...snapshot, ...given } as Parameters<typeof discrepanciesOf>[0]);

  it('finds nothing in consistent stores, with or without a captured open payment', () => {
    expect(discrepancies()).toEqual([]);
    const both = [charge, { ...charge, reference: open.paymentId }];
    expect(discrepancies({ charges: both })).toEqual([]);
  });

  it.each([
    ['money held without a payment', { payments: [completed] }, 'money held'],
    ['a completed payment that spent nothing', { balances: [] }, 'money spent'],
    [
      'a unit sold without a payment',
      { payments: [open, { ...completed, status: 'COMPENSATED' }] },
      'units sold',
    ],
    ['an order that is not paid', { orders: [] }, 'orders completed'],
    [
      'two payments of one order',
      { payments: [completed, { ...open, orderId: 'ord_1' }] },
      'payments of an order',
    ],
    ['a missing capture at the gateway', { charges: [] }, 'the gateway captured 0'],
    [
      'a duplicate capture at the gateway',
      { charges: [charge, charge] },
      'the gateway captured 4000',
    ],
    [
      'an unbalanced row',
      { products: [{ sku: 'tea', available: 2, reserved: 1, sold: 1, received: 5 }] },
      'row is not balanced',
    ],
  ])('finds %s', (_, given, sentence) => {
    expect(discrepancies(given)).toContainEqual(expect.stringContaining(sentence));
  });
});
