import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { RejectionError } from '../domain/errors.ts';
import type { Payment } from '../domain/payments/payment.ts';
import { type Condition, stillEquals } from './dynamodb/expressions.ts';
import { createVersionedItems } from './dynamodb/versioned-items.ts';
import { createPaymentAnnotations, unchangedHint } from './payment-annotations.ts';

/** Another buyer's payment looks like a missing one. */
export const paymentNotFound = (paymentId: string) =>
  new RejectionError({
    code: 'payment-not-found',
    detail: `There is no payment "${paymentId}" of yours.`,
  });

/** Any buyer's payment, for an operator; refused as payment-not-found where it never was. */
export const getPaymentForOperator = async (
  { find }: Pick<PaymentRepository, 'find'>,
  paymentId: string,
): Promise<Payment> => {
  const payment = await find(paymentId);
  if (payment !== undefined) return payment;
  throw new RejectionError({
    code: 'payment-not-found',
    detail: `There is no payment "${paymentId}".`,
  });
};

/** What is noted beside the journal and decides what follows from a move: it has to be as it was read, or the move is made anew. */
const unchangedAnnotations = (before: Payment, after: Payment): readonly Condition[] => {
  // Whether the PG is to be asked once more.
  if (after.status === 'COMPENSATED') return [stillEquals('hintedAt', before.hintedAt)];

  if (after.status !== 'COMPLETED') return [];

  // Whether it is to be compared with the PG, or to be refunded.
  return before.status === 'COMPLETED'
    ? unchangedHint(before)
    : [stillEquals('cancelRequestedAt', before.cancelRequestedAt)];
};

/** The payments of a table. A payment that is there only ever moves by `move`. */
export const createPaymentRepository = (db: DynamoDBDocumentClient, table: string) => {
  const { conditionalUpdate, ...items } = createVersionedItems<Payment, 'paymentId'>(
    db,
    table,
    'paymentId',
  );
  const { updateWrite, tryUpdate } = items;

  return {
    ...items,
    ...createPaymentAnnotations(table, { find: items.find, conditionalUpdate }),

    updateWrite: (before: Payment, after: Payment) =>
      updateWrite(before, after, unchangedAnnotations(before, after)),

    tryUpdate: (before: Payment, after: Payment) =>
      tryUpdate(before, after, unchangedAnnotations(before, after)),

    /** The buyer's own payment; refused as payment-not-found otherwise. */
    async getOwned(userId: string, paymentId: string): Promise<Payment> {
      const payment = await items.find(paymentId);
      if (payment?.userId !== userId) throw paymentNotFound(paymentId);

      return payment;
    },

    /** The payment of an id that came from our own events; anything else is a defect. */
    async getOrThrow(paymentId: string): Promise<Payment> {
      const payment = await items.find(paymentId);
      if (payment === undefined) throw new Error(`There is no payment ${paymentId}.`);

      return payment;
    },
  };
};

export type PaymentRepository = ReturnType<typeof createPaymentRepository>;
