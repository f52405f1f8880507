import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Outage } from '../domain/errors.ts';
import { mergeLines } from '../domain/order.ts';
import type { Refund } from '../domain/refund.ts';
import {
  failRefund,
  type PaidBack,
  type RefundRefused,
  settleRefund,
} from '../domain/refund-outcome.ts';
import type { RefundedPayment } from '../domain/refund-request.ts';
import type { Balances } from './balances.ts';
import type { Write } from './expression.ts';
import type { Orders } from './orders.ts';
import type { Payments } from './payments.ts';
import type { Products } from './products.ts';
import type { Refunds } from './refunds.ts';
import { commit } from './transaction.ts';

interface Journals {
  readonly db: DynamoDBDocumentClient;
  readonly payments: Pick<Payments, 'existing' | 'move'>;
  readonly refunds: Pick<Refunds, 'move'>;
}

interface Stores extends Journals {
  readonly orders: Pick<Orders, 'refund'>;
  readonly balances: Pick<Balances, 'refund'>;
  readonly products: Pick<Products, 'takeBack'>;
}

/** The refund as it was written; or somebody else moved it first; or a book has less spent or sold than the refund says. */
export type RefundWritten = Refund | 'superseded' | 'books-disagree';

/** As with every write of a payment: each try but the last has lost to another one. */
const mostTries = 10;

/** Moves a refund together with its payment, and whatever else is to be true with it. Where only the payment has moved meanwhile, it is read and tried again. */
const together = async (
  { db, payments, refunds }: Journals,
  refund: Refund,
  move: (before: RefundedPayment) => RefundedPayment,
  booked: (before: RefundedPayment, after: RefundedPayment) => readonly Write[],
  alongside: readonly Write[],
): Promise<RefundWritten> => {
  for (let tried = 1; tried <= mostTries; tried += 1) {
    const before = { refund, payment: await payments.existing(refund.paymentId) };
    const after = move(before);
    const [refused] = await commit<'superseded' | 'moved' | 'books-disagree'>(db, [
      ...[refunds.move(refund, after.refund), ...alongside].map((write) => ({
        write,
        refused: () => 'superseded' as const,
      })),
      { write: payments.move(before.payment, after.payment), refused: () => 'moved' },
      ...booked(before, after).map((write) => ({
        write,
        refused: () => 'books-disagree' as const,
      })),
    ]);
    if (refused === undefined) return after.refund;
    if (refused !== 'moved') return refused;
  }
  throw new Outage(`Payment ${refund.paymentId} moves too often.`);
};

/**
 * Books what the PG has paid back in one transaction: refund SUCCEEDED, payment and order refunded so far, spent -> available, and
 * sold -> available for what goes back into the stock; or nothing of it.
 */
export const settleRefundIn =
  (stores: Stores) =>
  (
    refund: Refund,
    paidBack: PaidBack,
    alongside: readonly Write[] = [],
  ): Promise<RefundWritten> => {
    const { amount, lines } = refund;
    const restocked = mergeLines(lines.filter(({ restock }) => restock));
    const { orders, balances, products } = stores;

    return together(
      stores,
      refund,
      (before) => settleRefund(before, paidBack),
      (before, after) => [
        orders.refund(before.payment, after.payment),
        ...(amount > 0 ? [balances.refund(after.payment, amount)] : []),
        ...restocked.map(products.takeBack),
      ],
      alongside,
    );
  };

/** Gives back what a refund that the PG refuses has set aside: refund FAILED and payment in one transaction. */
export const failRefundIn =
  (stores: Journals) =>
  (
    refund: Refund,
    refused: RefundRefused,
    alongside: readonly Write[] = [],
  ): Promise<RefundWritten> =>
    together(
      stores,
      refund,
      (before) => failRefund(before, refused),
      () => [],
      alongside,
    );
