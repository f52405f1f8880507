import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { inFlight } from '../domain/cancel.ts';
import { Refusal } from '../domain/errors.ts';
import type { Evidence, Payment } from '../domain/payment.ts';
import { absent, exists, fewerThan, isOneOf, update } from './expression.ts';
import { journalIn } from './journal.ts';

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

/** Enough for every answer that could come late, and far from the size that an item may have. */
const mostEvidence = 20;

/** The payments of a table. A payment that is there only ever moves by `move`. */
export const paymentsIn = (db: DynamoDBDocumentClient, table: string) => {
  const { updated, ...journal } = journalIn<Payment, 'paymentId'>(db, table, 'paymentId');

  return {
    ...journal,

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

    /**
     * Notes when the buyer asked to cancel it; false where it is not in flight any more, or that is noted. It moves nothing and so has no
     * version: whoever is about to write the outcome is not disturbed, and the outcome's event says so too.
     */
    noteCancel: ({ paymentId }: Payment, cancelRequestedAt: string): Promise<boolean> =>
      updated(
        update({
          table,
          key: { paymentId },
          set: { cancelRequestedAt },
          when: [isOneOf('status', inFlight), absent('cancelRequestedAt')],
        }),
      ),

    /** Keeps what was seen with the payment, whatever has become of it; false where it has too much of that already. */
    note: ({ paymentId }: Payment, seen: Evidence): Promise<boolean> =>
      updated(
        update({
          table,
          key: { paymentId },
          collect: { evidence: [seen] },
          when: [exists('paymentId'), fewerThan('evidence', mostEvidence)],
        }),
      ),
  };
};

export type Payments = ReturnType<typeof paymentsIn>;
