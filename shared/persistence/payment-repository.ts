import type { Database } from '../config/platform.ts';
import { RejectionError } from '../domain/errors.ts';
import type { Payment } from '../domain/payments/payment.ts';
import { type Condition, equals, stillEquals } from './dynamodb/expressions.ts';
import { createVersionedItems } from './dynamodb/versioned-items.ts';
import { createPaymentAnnotations, hintUnchanged } from './payment-annotations.ts';

/** The rejection for a missing payment and for a payment of another buyer: a buyer cannot distinguish them. */
export const paymentNotFound = (paymentId: string) =>
  new RejectionError({
    code: 'payment-not-found',
    detail: `You have no payment "${paymentId}".`,
  });

/** Any buyer's payment, for an operator. Throws the rejection payment-not-found if it does not exist. */
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

/**
 * The conditions on annotations that influenced the transition: if one has changed, the transition must be
 * decided again.
 */
const unchangedAnnotations = (before: Payment, after: Payment): readonly Condition[] => {
  // A claim keeps the due time, which the sweeper may have moved or removed.
  if (after.status === 'CHARGING') return [stillEquals('dueAt', before.dueAt)];

  // A hint requires another inquiry.
  if (after.status === 'COMPENSATED') return [stillEquals('hintedAt', before.hintedAt)];

  // A cancelled payment waits for no other payment method.
  if (after.status === 'REQUIRES_METHOD')
    return [stillEquals('cancelRequestedAt', before.cancelRequestedAt)];

  if (after.status !== 'COMPLETED') return [];

  // A hint requires a comparison with the gateway; a cancellation request requires a refund. An erasure replaces the
  // buyer, whose id a new refund takes over.
  return before.status === 'COMPLETED'
    ? [...hintUnchanged(before), equals('userId', before.userId)]
    : [stillEquals('cancelRequestedAt', before.cancelRequestedAt)];
};

/** The payments of a table. A stored payment changes its status only by `updateWrite` or `tryUpdate`. */
export const createPaymentRepository = (db: Database, table: string) => {
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

    /** The buyer's own payment. Throws the rejection payment-not-found otherwise. */
    async getOwned(userId: string, paymentId: string): Promise<Payment> {
      const payment = await items.find(paymentId);
      if (payment?.userId !== userId) throw paymentNotFound(paymentId);

      return payment;
    },

    /** The payment of an id that this service has published. Throws if it is missing, which is a defect. */
    async getOrThrow(paymentId: string): Promise<Payment> {
      const payment = await items.find(paymentId);
      if (payment === undefined) throw new Error(`Payment ${paymentId} not found.`);

      return payment;
    },
  };
};

export type PaymentRepository = ReturnType<typeof createPaymentRepository>;
