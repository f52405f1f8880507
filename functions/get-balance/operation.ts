import * as z from 'zod';
import type { Operation } from '../../shared/http/operation.ts';
import { amountOf, currency } from '../../shared/http/schemas/fields.ts';

const balance = z
  .strictObject({
    currency,
    available: amountOf('Amount available for payments'),
    held: amountOf('Amount held by payments in progress'),
    spent: amountOf('Amount spent'),
    deposited: amountOf('Sum of `available`, `held` and `spent`'),
  })
  .meta({ id: 'Balance', description: 'The balance of the buyer.' });

export type BalanceBody = z.infer<typeof balance>;

export const operation: Operation = {
  tag: 'Wallet',
  summary: 'Get the balance',
  description:
    'Returns the balance of the caller. All amounts are 0 if nothing was ever deposited.',
  responses: { 200: { description: 'The balance.', schema: balance } },
  problems: ['balance-not-usable'],
  examples: {
    spent: {
      summary: 'After a payment',
      fixture: 'completed',
      response: {
        status: 200,
        body: {
          currency: 'KRW',
          available: 998_000,
          held: 0,
          spent: 2_000,
          deposited: 1_000_000,
        } satisfies BalanceBody,
      },
    },
    held: {
      summary: 'During a payment',
      fixture: 'charging',
      response: {
        status: 200,
        body: {
          currency: 'KRW',
          available: 998_000,
          held: 2_000,
          spent: 0,
          deposited: 1_000_000,
        } satisfies BalanceBody,
      },
    },
  },
};
