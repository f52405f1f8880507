import { describe, expect, it } from 'vitest';
import { formatReconciliation } from '../../../../dev/ops/format-reconciliation.ts';

const report: Parameters<typeof formatReconciliation>[0] = {
  isReconciled: true,
  discrepancies: [],
  explained: [],
  unstable: [],
  undecidedPayments: [],
  disputes: [],
  counts: {
    payments: 7,
    orders: 6,
    balances: 5,
    products: 4,
    coupons: 3,
    charges: 2,
    restorations: 1,
    refunds: 0,
  },
};

describe('format reconciliation', () => {
  it('is one line without discrepancies', () => {
    expect(formatReconciliation(report)).toBe(
      '✔ Reconciled: 7 payments of 6 orders, 5 balances, 4 products, 3 coupons; 2 charges at the gateway.',
    );
  });

  it('has a table for discrepancies, with numbers aligned to the right', () => {
    const discrepancies = [
      {
        ...({ kind: 'buyer', id: 'ann', check: 'available' } as const),
        ...{ found: 10_001, expected: 9_000, difference: 1_001, unit: 'KRW' },
      },
    ];

    expect(formatReconciliation({ ...report, isReconciled: false, discrepancies })).toBe(
      [
        '✘ NOT RECONCILED.',
        '',
        'Discrepancies:',
        '',
        '  item           check   found  expected  difference',
        '  buyer ann  available  10,001     9,000  +1,001 KRW',
      ].join('\n'),
    );
  });

  it('lists disputed payments', () => {
    const text = formatReconciliation({
      ...report,
      disputes: [
        {
          ...({ paymentId: 'pay_1', disputeId: 'dp_1', status: 'open', amount: 3_000 } as const),
          ...{ currency: 'KRW', openedAt: '2026-11-24T12:00:00.000Z' },
        },
      ],
    });

    expect(text).toContain('Disputed payments:');
    expect(text).toMatch(/pay_1 +dp_1 +open +3,000 KRW +2026-11-24T12:00:00.000Z/);
  });

  it('lists unstable items and undecided payments', () => {
    const text = formatReconciliation({
      ...report,
      unstable: [{ kind: 'order', id: 'ord_1' }],
      undecidedPayments: [
        {
          ...({ paymentId: 'pay_1', status: 'UNKNOWN', amount: 5_000, currency: 'KRW' } as const),
          ...{ remainingAtGateway: 0, since: '2026-11-24T12:00:00.000Z' },
        },
      ],
    });

    expect(text).toContain('Unstable: changed on every read:\n\n  item\n  order ord_1');
    expect(text).toMatch(
      /Undecided payments:\n\n.+at the gateway.+\n {2}pay_1 +UNKNOWN +5,000 KRW/,
    );
  });
});
