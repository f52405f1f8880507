import { expect, it } from 'vitest';
import type { Dispute } from '../../../../shared/domain/payments/payment.ts';
import { compare, completedStores, discrepanciesIn, payment } from './harness.ts';

const openedAt = '2026-03-14T12:00:00.000Z';
const won: Dispute = { id: 'dp_1', amount: 300, status: 'won', openedAt, closedAt: openedAt };
const open: Dispute = { id: 'dp_2', amount: 800, status: 'open', openedAt };

const disputed = (dispute: Dispute, paymentId = 'pay_1') => ({
  ...payment('claimed', 'captured'),
  ...{ paymentId, dispute },
});

it('lists the disputed payments, open ones first', () => {
  const payments = [disputed(won, 'pay_1'), disputed(open, 'pay_2')];

  expect(compare(completedStores).disputes).toEqual([]);
  expect(compare({ ...completedStores, payments }).disputes).toEqual([
    {
      paymentId: 'pay_2',
      disputeId: 'dp_2',
      status: 'open',
      amount: 800,
      currency: 'KRW',
      openedAt,
    },
    {
      paymentId: 'pay_1',
      disputeId: 'dp_1',
      status: 'won',
      amount: 300,
      currency: 'KRW',
      openedAt,
    },
  ]);
});

it('finds no discrepancy in a payment because it is disputed', () => {
  expect(discrepanciesIn({ ...completedStores, payments: [disputed(open)] })).toEqual([]);
});
