import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Refusal } from '../domain/errors.ts';
import type { Payment } from '../domain/payments/payment.ts';
import { asRead, type Clause } from './dynamodb/expressions.ts';
import { journalIn } from './dynamodb/versioned-items.ts';
import { hintAsRead, paymentNotesIn } from './payment-annotations.ts';

/** Another buyer's payment looks like a missing one. */
export const paymentNotFound = (paymentId: string) =>
  new Refusal({
    code: 'payment-not-found',
    detail: `There is no payment "${paymentId}" of yours.`,
  });

/** Any buyer's payment, for an operator; refused as payment-not-found where it never was. */
export const anyonesPayment = async (
  { find }: Pick<Payments, 'find'>,
  paymentId: string,
): Promise<Payment> => {
  const payment = await find(paymentId);
  if (payment !== undefined) return payment;
  throw new Refusal({
    code: 'payment-not-found',
    detail: `There is no payment "${paymentId}".`,
  });
};

/** What is noted beside the journal and decides what follows from a move: it has to be as it was read, or the move is made anew. */
const notedAsRead = (before: Payment, after: Payment): readonly Clause[] => {
  // Whether the PG is to be asked once more.
  if (after.status === 'COMPENSATED') return [asRead('hintedAt', before.hintedAt)];

  if (after.status !== 'COMPLETED') return [];

  // Whether it is to be compared with the PG, or to be refunded.
  return before.status === 'COMPLETED'
    ? hintAsRead(before)
    : [asRead('cancelRequestedAt', before.cancelRequestedAt)];
};

/** The payments of a table. A payment that is there only ever moves by `move`. */
export const paymentsIn = (db: DynamoDBDocumentClient, table: string) => {
  const { updated, ...journal } = journalIn<Payment, 'paymentId'>(db, table, 'paymentId');
  const { move, moved } = journal;

  return {
    ...journal,
    ...paymentNotesIn(table, { find: journal.find, updated }),

    move: (before: Payment, after: Payment) => move(before, after, notedAsRead(before, after)),

    moved: (before: Payment, after: Payment) => moved(before, after, notedAsRead(before, after)),

    /** The buyer's own payment; refused as payment-not-found otherwise. */
    async ownedBy(userId: string, paymentId: string): Promise<Payment> {
      const payment = await journal.find(paymentId);
      if (payment?.userId !== userId) throw paymentNotFound(paymentId);

      return payment;
    },

    /** The payment of an id that came from our own events; anything else is a defect. */
    async existing(paymentId: string): Promise<Payment> {
      const payment = await journal.find(paymentId);
      if (payment === undefined) throw new Error(`There is no payment ${paymentId}.`);

      return payment;
    },
  };
};

export type Payments = ReturnType<typeof paymentsIn>;
