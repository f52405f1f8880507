import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Outage } from '../../domain/errors.ts';
import { compensationTarget } from '../../domain/ids.ts';
import { mergeLines } from '../../domain/orders/order.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import type { RefundedPayment } from '../../domain/refunds/open-refund.ts';
import type { Refund } from '../../domain/refunds/refund.ts';
import {
  failRefund,
  type PaidBack,
  type RefundRefused,
  settleRecorded,
  settleRefund,
} from '../../domain/refunds/refund-settlement.ts';
import { type SkippedBooking, withSkipped } from '../../domain/skipped-booking.ts';
import type { Balances } from '../../persistence/balance-repository.ts';
import type { Item, Write } from '../../persistence/dynamodb/expressions.ts';
import { commit } from '../../persistence/dynamodb/transaction.ts';
import type { Orders } from '../../persistence/order-repository.ts';
import type { Payments } from '../../persistence/payment-repository.ts';
import type { Products } from '../../persistence/product-repository.ts';
import type { Refunds } from '../../persistence/refund-repository.ts';
import { type Booking, reportSkipped, skippedBy } from '../payments/skipped-bookings.ts';

interface Journals {
  readonly db: DynamoDBDocumentClient;
  readonly payments: Pick<Payments, 'existing' | 'move'>;
  readonly refunds: Pick<Refunds, 'move'>;
}

/** How the refund itself is written. */
type WriteRefund = (before: Refund, after: Refund) => Write;

interface Stores extends Journals {
  readonly orders: Pick<Orders, 'refund'>;
  readonly balances: Pick<Balances, 'refund'>;
  readonly products: Pick<Products, 'takeBack'>;
}

/** The refund as it was written; or another write moved it first. */
export type RefundWritten = Refund | 'superseded';

/** As with every write of a payment: each try but the last has lost to another one. */
const mostTries = 10;

type Refused = 'superseded' | 'moved' | SkippedBooking;

/**
 * Moves a refund together with its payment, and whatever else is to be true with it. Where only the payment has moved meanwhile, it is read
 * and tried again; a booking that its book cannot take is left out and recorded on the refund.
 */
const together = async (
  { db, payments, write: writeRefund }: Pick<Journals, 'db' | 'payments'> & { write: WriteRefund },
  refund: Refund,
  move: (before: RefundedPayment) => RefundedPayment | undefined,
  bookingsOf: (before: Payment, after: Payment) => readonly Booking[],
  alongside: readonly Write[],
): Promise<RefundWritten> => {
  const found: SkippedBooking[] = [];
  let moves = 0;
  while (moves < mostTries) {
    const before = { refund, payment: await payments.existing(refund.paymentId) };
    const after = move(before);
    if (after === undefined) return 'superseded';
    const bookings = bookingsOf(before.payment, after.payment);
    const skipped = [...neverBooked(before.payment, bookings), ...found];
    const written = withSkipped(after.refund, skipped);
    const isSkipped = ({ target }: Booking) => skipped.some((each) => each.target === target);
    const refusals = await commit<Refused>(db, [
      ...[writeRefund(refund, written), ...alongside].map((write) => ({
        write,
        refused: () => 'superseded' as const,
      })),
      { write: payments.move(before.payment, after.payment), refused: () => 'moved' },
      ...bookings
        .filter((booking) => !isSkipped(booking))
        .map((booking) => ({
          write: booking.write,
          refused: (stored?: Item) => skippedBy(booking, stored),
        })),
    ]);
    if (refusals.length === 0) {
      reportSkipped(refund, skipped);

      return written;
    }
    if (refusals.includes('superseded')) return 'superseded';
    // What a book refused is judged only against the payment that it belongs to.
    if (refusals.includes('moved')) moves += 1;
    else found.push(...refusals.filter((refusal) => typeof refusal === 'object'));
  }
  throw new Outage(`Payment ${refund.paymentId} moves too often.`);
};

/** What the capture could not book cannot be taken back out of the books either: it would be taken from what others have paid. */
const neverBooked = (
  { skipped = [] }: Payment,
  bookings: readonly Booking[],
): readonly SkippedBooking[] =>
  bookings.flatMap(({ target, delta }) => {
    const before = skipped.find((each) => each.target === target);

    return before ? [{ target, delta, outcome: before.outcome }] : [];
  });

/**
 * Books what the gateway has paid back in one transaction: refund SUCCEEDED, payment and order refunded so far, spent -> available, and
 * sold -> available for what goes back into the stock. The gateway has paid, so the refund succeeds whatever became of the order, the
 * balance or a product; the part that could not be booked is recorded on the refund and measured.
 */
export const settleRefundIn =
  (stores: Stores) =>
  (refund: Refund, paidBack: PaidBack, alongside: readonly Write[] = []): Promise<RefundWritten> =>
    together(
      { ...stores, write: stores.refunds.move },
      refund,
      (before) => settleRefund(before, paidBack),
      (before, after) => bookingsOf(stores, refund, before, after),
      alongside,
    );

/**
 * Books a refund that somebody made at the gateway, as settled from its beginning; nothing is asked of the gateway. Superseded where it is
 * booked already, or where a refund of ours has set aside what it would take.
 */
export const bookRecordedIn =
  (stores: Omit<Stores, 'refunds'> & { readonly refunds: Pick<Refunds, 'open'> }) =>
  (refund: Refund, outcome: PaidBack, alongside: readonly Write[] = []): Promise<RefundWritten> =>
    together(
      { ...stores, write: (_, after) => stores.refunds.open(after) },
      refund,
      (before) => settleRecorded(before, outcome),
      (before, after) => bookingsOf(stores, refund, before, after),
      alongside,
    );

const bookingsOf = (
  { orders, balances, products }: Pick<Stores, 'orders' | 'balances' | 'products'>,
  { amount, lines }: Refund,
  before: Payment,
  after: Payment,
): readonly Booking[] => [
  {
    target: compensationTarget.order(after.orderId),
    delta: 0,
    write: orders.refund(before, after),
  },
  ...(amount === 0
    ? []
    : [
        {
          target: compensationTarget.balance(after.userId),
          delta: amount,
          write: balances.refund(after, amount),
        },
      ]),
  ...mergeLines(lines.filter(({ restock }) => restock)).map((line) => ({
    target: compensationTarget.stock(line.sku),
    delta: line.quantity,
    write: products.takeBack(line),
  })),
];

/** Gives back what a refund that the PG refuses has set aside: refund FAILED and payment in one transaction. */
export const failRefundIn =
  (stores: Journals) =>
  (
    refund: Refund,
    refused: RefundRefused,
    alongside: readonly Write[] = [],
  ): Promise<RefundWritten> =>
    together(
      { ...stores, write: stores.refunds.move },
      refund,
      (before) => failRefund(before, refused),
      () => [],
      alongside,
    );
