import * as z from 'zod';
import { disputeStatuses } from '../../shared/domain/payments/payment.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { amountOf, currency, idOf, timestampOf } from '../../shared/http/schemas/fields.ts';
import { paymentStage } from '../../shared/http/schemas/payment.ts';

const kind = z
  .enum(['buyer', 'product', 'order', 'coupon', 'payment', 'charge'])
  .meta({ description: 'Kind of the subject.' });
const subjectId = idOf('subject');
const count = z.int().nonnegative();
const value = z.union([z.int(), z.string()]);

const discrepancy = z
  .strictObject({
    kind,
    id: subjectId,
    check: z.string().meta({ description: 'Compared field or state.' }),
    found: value.meta({ description: 'Value found: minor units, units or a state.' }),
    expected: value.meta({ description: 'Value derived from the payments.' }),
    difference: z.int().meta({
      description: '`found` minus `expected`; for a state, the amount that depends on it.',
    }),
    unit: z.string().meta({
      description: 'Unit of the values: a currency for minor units, or `units` for stock.',
    }),
  })
  .meta({
    id: 'Discrepancy',
    description: 'A value that differs from the one derived from the payments.',
  });

const undecidedPayment = z
  .strictObject({
    paymentId: idOf('payment'),
    status: paymentStage,
    amount: amountOf('Amount of the payment'),
    currency,
    remainingAtGateway: z.int().meta({
      description: 'Amount at the gateway in minor units: captured minus refunded.',
    }),
    since: timestampOf('Time of the last change'),
  })
  .meta({ id: 'UndecidedPayment', description: 'A payment without a final status.' });

const disputedPayment = z
  .strictObject({
    paymentId: idOf('payment'),
    disputeId: z.string().meta({ description: "The gateway's ID of the dispute." }),
    status: z.enum(disputeStatuses).meta({
      description: 'open: the bank has not decided. won: the merchant keeps the money.',
    }),
    amount: amountOf('Disputed amount'),
    currency,
    openedAt: timestampOf('Time at which the dispute was found'),
  })
  .meta({ id: 'DisputedPayment', description: 'A payment that its buyer has disputed.' });

const reconciliation = z
  .strictObject({
    outcome: z.enum(['reconciled', 'discrepancy', 'unstable', 'limit-exceeded']).meta({
      description:
        'reconciled: everything matches. discrepancy: see `discrepancies`. unstable: some items changed during every read and were not compared; retry. ' +
        'limit-exceeded: there are more items than one call can read; use `npm run reconcile`.',
    }),
    at: timestampOf('Time of the reconciliation'),
    discrepancies: z
      .array(discrepancy)
      .readonly()
      .meta({ description: 'Unexplained discrepancies, the first 100.' }),
    explained: z.array(discrepancy).readonly().meta({
      description:
        'Discrepancies explained by skipped bookings, such as a deleted product. They do not change the outcome.',
    }),
    unstable: z
      .array(z.strictObject({ kind, id: subjectId }))
      .readonly()
      .meta({ description: 'Subjects that changed during every read.' }),
    undecidedPayments: z
      .array(undecidedPayment)
      .readonly()
      .meta({ description: 'Payments without a final status.' }),
    disputes: z.array(disputedPayment).readonly().meta({
      description: 'Disputed payments, open ones first. They do not change the outcome.',
    }),
    counts: z.record(z.string(), count).meta({
      description:
        'Number of items read and results found, by kind. Each list has at most 100 items.',
    }),
  })
  .meta({ id: 'ReconciliationReport', description: 'Result of a reconciliation.' });

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
  summary: 'Reconcile the ledger',
  description:
    "Compares balances, stock, orders and coupons with the history of the payments, and the payments with the gateway's list of charges. It changes nothing.",
  responses: { 200: { description: 'The reconciliation report.', schema: reconciliation } },
  examples: {
    reconciled: {
      summary: 'Reconciled',
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
          disputes: [],
          counts: {
            ...counts,
            ...{ discrepancies: 0, explained: 0, unstable: 0, undecidedPayments: 0, disputes: 0 },
          },
        } satisfies ReconciliationBody,
      },
    },
  },
};
