import * as z from 'zod';
import type { Operation } from '../../shared/http/operation.ts';
import { currency, minorUnits } from '../../shared/http/schemas/fields.ts';

const balance = z
  .strictObject({
    currency,
    available: minorUnits.meta({ description: 'What can be spent.' }),
    held: minorUnits.meta({ description: 'What payments under way hold.' }),
    spent: minorUnits,
    deposited: minorUnits.meta({ description: '`available`, `held` and `spent` together.' }),
  })
  .meta({ id: 'Balance', description: 'Minor units of the currency.' });

export type BalanceBody = z.infer<typeof balance>;

export const operation: Operation = {
  tag: 'Wallet',
  summary: 'Look at the balance',
  description: "The caller's wallet; an empty one where nothing was ever paid in.",
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
          available: 995_000,
          held: 0,
          spent: 5_000,
          deposited: 1_000_000,
        } satisfies BalanceBody,
      },
    },
    held: {
      summary: 'While a payment is under way',
      fixture: 'charging',
      response: {
        status: 200,
        body: {
          currency: 'KRW',
          available: 995_000,
          held: 5_000,
          spent: 0,
          deposited: 1_000_000,
        } satisfies BalanceBody,
      },
    },
  },
};
