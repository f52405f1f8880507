import { expect, it } from 'vitest';
import { type BacklogItem, summarizeBacklog } from '../../../../shared/domain/payments/backlog.ts';
import { noon } from '../../../support/builders/builders.ts';

const since = (seconds: number, given: Partial<BacklogItem>): BacklogItem => ({
  status: 'UNKNOWN',
  amount: 1_000,
  currency: 'KRW',
  createdAt: new Date(noon.getTime() - seconds * 1_000).toISOString(),
  ...given,
});

it('counts payments, age and amount by status and currency', () => {
  const items = [
    since(31, {}),
    since(5, { amount: 500 }),
    since(9, { currency: 'EUR' }),
    since(7, { status: 'FAILED' }),
    since(60, { status: 'REQUIRES_METHOD' }),
    since(900, { status: 'RESERVED' }),
  ];

  expect(summarizeBacklog(items, noon)).toEqual([
    {
      state: 'REQUIRES_METHOD',
      payments: 1,
      oldestAgeMs: 60_000,
      amountByCurrency: [{ currency: 'KRW', amount: 1_000 }],
    },
    { state: 'REQUIRES_ACTION', payments: 0, oldestAgeMs: 0, amountByCurrency: [] },
    {
      state: 'UNKNOWN',
      payments: 3,
      oldestAgeMs: 31_000,
      amountByCurrency: [
        { currency: 'KRW', amount: 1_500 },
        { currency: 'EUR', amount: 1_000 },
      ],
    },
    {
      state: 'FAILED',
      payments: 1,
      oldestAgeMs: 7_000,
      amountByCurrency: [{ currency: 'KRW', amount: 1_000 }],
    },
    { state: 'IN_REVIEW', payments: 0, oldestAgeMs: 0, amountByCurrency: [] },
  ]);
});

it('counts an invalid item without its age and amount', () => {
  const items = [
    since(31, {}),
    since(99, { amount: '5' as never, createdAt: undefined as never }),
    since(5, { currency: '__proto__' }),
  ];

  expect(summarizeBacklog(items, noon)[2]).toEqual({
    state: 'UNKNOWN',
    payments: 3,
    oldestAgeMs: 31_000,
    amountByCurrency: [
      { currency: 'KRW', amount: 1_000 },
      { currency: '__proto__', amount: 1_000 },
    ],
  });
});
