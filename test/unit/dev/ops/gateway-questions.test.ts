import { describe, expect, it } from 'vitest';
import { formatGatewayQuestions } from '../../../../dev/ops/gateway-questions.ts';

type Report = Parameters<typeof formatGatewayQuestions>[0];

const report: Report = { discrepancies: [], explained: [], unstable: [], undecidedPayments: [] };
const since = '2026-11-24T12:00:00.000Z';

describe('the questions for the gateway after a restore', () => {
  it('say that nothing is to be asked if nothing is in flight or different', () => {
    expect(formatGatewayQuestions(report)).toBe('✔ Nothing is to be asked at the gateway.');
  });

  it('have each payment in flight once, with what the gateway holds and what to do by its state', () => {
    const money = { amount: 2_500, currency: 'KRW' };
    const text = formatGatewayQuestions({
      ...report,
      discrepancies: [
        {
          ...({ kind: 'payment', id: 'pay_1', check: 'gateway balance' } as const),
          ...{ found: 1_500, expected: 0, difference: 1_500, unit: 'KRW' },
        },
      ],
      undecidedPayments: [
        { ...money, paymentId: 'pay_1', status: 'RESERVED', remainingAtGateway: 1_500, since },
        { ...money, paymentId: 'pay_2', status: 'UNKNOWN', remainingAtGateway: 0, since },
        { ...money, paymentId: 'pay_3', status: 'IN_REVIEW', remainingAtGateway: 2_500, since },
      ],
    });

    expect(text).toBe(
      [
        'In flight: the books have no outcome yet:',
        '',
        '  payment  state      amount     at the gateway  action',
        '  pay_1    RESERVED   2,500 KRW  1,500 KRW       wait for its end, then run this again',
        '  pay_2    UNKNOWN    2,500 KRW  0 KRW           request an inquiry',
        '  pay_3    IN_REVIEW  2,500 KRW  2,500 KRW       look it up there, then decide its review',
      ].join('\n'),
    );
  });

  it('have the charges without a payment, and the payments of which the gateway holds more or less', () => {
    const unit = 'KRW';
    const balance = { kind: 'payment', check: 'gateway balance', unit } as const;
    const text = formatGatewayQuestions({
      ...report,
      discrepancies: [
        {
          ...({ kind: 'charge', id: 'pay_9', check: 'gateway balance without a payment' } as const),
          ...{ found: 1_500, expected: 0, difference: 1_500, unit },
        },
        { ...balance, id: 'pay_1', found: 1_500, expected: 0, difference: 1_500 },
        { ...balance, id: 'pay_2', found: 0, expected: 1_500, difference: -1_500 },
      ],
    });

    expect(text).toBe(
      [
        'Only at the gateway: the books have no such payment:',
        '',
        '  charge  at the gateway  action',
        '  pay_9   1,500 KRW       refund it there, or let its client repeat the request',
        '',
        'Different at the gateway:',
        '',
        '  payment  check            found  expected  action',
        '  pay_1    gateway balance  1,500  0         request an inquiry; refund there what it leaves',
        '  pay_2    gateway balance  0      1,500     request an inquiry, then resolve the review that it opens',
      ].join('\n'),
    );
  });

  it('only count what the gateway cannot answer', () => {
    const stock = {
      ...({ kind: 'product', id: 'tea', check: 'reserved' } as const),
      ...{ found: 1, expected: 0, difference: 1, unit: 'units' },
    };

    expect(
      formatGatewayQuestions({
        ...report,
        discrepancies: [stock],
        explained: [stock],
        unstable: [{ kind: 'order', id: 'ord_1' }],
      }),
    ).toBe(
      '2 other discrepancies: npm run reconcile.\n\n1 items changed on every read: run this again.',
    );
  });
});
