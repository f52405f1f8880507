import * as z from 'zod';
import type { Operation } from '../../shared/http/operation.ts';
import { currency, minorUnits, timestamp } from '../../shared/http/schemas/fields.ts';
import { paymentStage } from '../../shared/http/schemas/payment.ts';

const kind = z.enum(['buyer', 'product', 'order', 'coupon', 'payment', 'charge']);
const count = z.int().nonnegative();
const value = z.union([z.int(), z.string()]);

const discrepancy = z
  .strictObject({
    kind,
    id: z.string(),
    check: z.string().meta({ description: 'The column, or what is said of it.' }),
    found: value,
    expected: value,
    difference: z.int().meta({
      description: 'So much too much, or too little; of a state that is wrong, what hangs on it.',
    }),
    unit: z.string().meta({ description: 'The currency of minor units, or `units`.' }),
  })
  .meta({ id: 'Discrepancy', description: 'Something that is not as the payments make it.' });

const undecidedPayment = z
  .strictObject({
    paymentId: z.string(),
    status: paymentStage,
    amount: minorUnits,
    currency,
    gatewayAmount: z.int().meta({ description: 'What the PG has of it, refunds taken off.' }),
    since: timestamp,
  })
  .meta({ id: 'UndecidedPayment', description: 'A payment whose end is not decided yet.' });

const reconciliation = z
  .strictObject({
    outcome: z.enum(['reconciled', 'discrepancy', 'unstable', 'limit-exceeded']).meta({
      description:
        'reconciled: everything matches. discrepancy: see `discrepancies`. unstable: some of it changed during every read and was not compared; ask again. ' +
        'limit-exceeded: more than one call can read, so nothing was compared; `npm run reconcile` has no such limit.',
    }),
    at: timestamp,
    discrepancies: z.array(discrepancy).readonly(),
    explained: z.array(discrepancy).readonly().meta({
      description:
        'What does not agree, and is no more than bookings account for that are recorded as skipped: a product, balance or order was gone. It does not make the outcome a discrepancy.',
    }),
    unstable: z.array(z.strictObject({ kind, id: z.string() })).readonly(),
    undecidedPayments: z.array(undecidedPayment).readonly(),
    counts: z.record(z.string(), count).meta({
      description: 'How much of each was read or found; the lists have the first 100.',
    }),
  })
  .meta({ id: 'ReconciliationReport' });

export type ReconciliationBody = z.infer<typeof reconciliation>;

const counts = {
  payments: 1,
  restorations: 0,
  refunds: 0,
  orders: 1,
  balances: 7,
  products: 4,
  coupons: 2,
  charges: 1,
};

export const operation: Operation = {
  tag: 'Operators',
  summary: 'Reconcile the books with the payment gateway',
  description:
    "Holds every buyer's and product's counters, every order and every coupon against the payments' own journals, and every payment against the payment gateway's list of charges.",
  responses: { 200: { description: 'What was found.', schema: reconciliation } },
  examples: {
    reconciled: {
      summary: 'Everything agrees',
      fixture: 'completed',
      hasSharedData: true,
      response: {
        status: 200,
        body: {
          outcome: 'reconciled',
          at: '2026-11-23T09:10:00.000Z',
          discrepancies: [],
          explained: [],
          unstable: [],
          undecidedPayments: [],
          counts: { ...counts, discrepancies: 0, explained: 0, unstable: 0, undecidedPayments: 0 },
        } satisfies ReconciliationBody,
      },
    },
  },
};
