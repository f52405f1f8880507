import * as z from 'zod';
import type { Operation } from '../../shared/http/operation.ts';
import { currency, minorUnits, moment } from '../../shared/http/schemas/fields.ts';
import { paymentStage } from '../../shared/http/schemas/payment.ts';

const kind = z.enum(['buyer', 'product', 'order', 'coupon', 'payment', 'charge']);
const count = z.int().nonnegative();
const value = z.union([z.int(), z.string()]);

const disagreement = z
  .strictObject({
    kind,
    id: z.string(),
    what: z.string().meta({ description: 'The column, or what is said of it.' }),
    found: value,
    expected: value,
    by: z.int().meta({
      description: 'So much too much, or too little; of a state that is wrong, what hangs on it.',
    }),
    unit: z.string().meta({ description: 'The currency of minor units, or `units`.' }),
  })
  .meta({ id: 'Disagreement', description: 'Something that is not as the payments make it.' });

const openPayment = z
  .strictObject({
    paymentId: z.string(),
    status: paymentStage,
    amount: minorUnits,
    currency,
    atPg: z.int().meta({ description: 'What the PG has of it, refunds taken off.' }),
    since: moment,
  })
  .meta({ id: 'OpenPayment', description: 'A payment whose end is not decided yet.' });

const ledger = z
  .strictObject({
    outcome: z.enum(['proved', 'disagreement', 'in-motion', 'too-much']).meta({
      description:
        'proved: everything agrees. disagreement: see there. in-motion: some of it moved whenever it was looked at, and was not judged; ask again. ' +
        'too-much: more than one call can read, and so nothing was judged; `npm run books -- prove` has no such bound.',
    }),
    at: moment,
    disagreements: z.array(disagreement).readonly(),
    explained: z.array(disagreement).readonly().meta({
      description:
        'What does not agree, and is no more than bookings account for that are recorded as skipped: a product, balance or order was gone. It does not make the outcome a disagreement.',
    }),
    unsettled: z.array(z.strictObject({ kind, id: z.string() })).readonly(),
    open: z.array(openPayment).readonly(),
    counts: z.record(z.string(), count).meta({
      description: 'How much of each was read or found; the lists have the first 100.',
    }),
  })
  .meta({ id: 'Ledger' });

export type LedgerBody = z.infer<typeof ledger>;

const counts = {
  payments: 1,
  undone: 0,
  refunds: 0,
  orders: 1,
  balances: 7,
  products: 4,
  coupons: 2,
  charges: 1,
};

export const operation: Operation = {
  tag: 'Operators',
  summary: 'Prove the books',
  description:
    "Holds every buyer's and product's counters, every order and every coupon against the payments' own journals, and every payment against the payment gateway's list of charges.",
  answers: { 200: { description: 'What was found.', schema: ledger } },
  examples: {
    proved: {
      summary: 'Everything agrees',
      given: 'completed',
      isOfEverybody: true,
      answer: {
        status: 200,
        body: {
          outcome: 'proved',
          at: '2026-11-23T09:10:00.000Z',
          disagreements: [],
          explained: [],
          unsettled: [],
          open: [],
          counts: { ...counts, disagreements: 0, explained: 0, unsettled: 0, open: 0 },
        } satisfies LedgerBody,
      },
    },
  },
};
