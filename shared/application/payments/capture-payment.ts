import { compensationTarget } from '../../domain/ids.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import { withCancel } from '../../domain/payments/payment-transitions.ts';
import { type SkippedBooking, withSkipped } from '../../domain/skipped-booking.ts';
import type { Item, Write } from '../../persistence/dynamodb/expressions.ts';
import { commit, type Step } from '../../persistence/dynamodb/transaction.ts';
import type { Books } from './payment-repositories.ts';
import { type Booking, reportSkipped, skippedBy } from './skipped-bookings.ts';

/** Settled; or another write moved the payment first; or the order belongs to another payment, or is not to be paid any more. */
export type Settled = 'settled' | 'superseded' | 'books-disagree';

type Settle<S extends Settled> = (
  before: Payment,
  after: Payment,
  alongside?: readonly Write[],
) => Promise<S>;

/**
 * Books a capture in one transaction: payment COMPLETED, order paid, held -> spent, reserved -> sold, and whatever else is to be true with
 * it; or nothing of it.
 *
 * The gateway has the money, so the payment completes also where a product, the balance or the order is gone, or where a product or the
 * balance does not hold what was reserved: that part is left out, recorded on the payment and measured. Only an order that is there and
 * is not this payment's stops it, for then the buyer may have paid twice.
 */
export const settleIn = (books: Books): Settle<Settled> => {
  const settle = settlingIn(books);

  return (before, after, alongside) =>
    settle(before, after, alongside, ({ target, outcome }) =>
      target === compensationTarget.order(before.orderId) ? outcome === 'target-missing' : true,
    );
};

/** The same, once a person has decided that the capture stands: the order's part is left out, too, where the order is not this payment's. */
export const settleDecidedIn = (books: Books): Settle<Exclude<Settled, 'books-disagree'>> => {
  const settle = settlingIn(books);

  return async (before, after, alongside) => {
    const settled = await settle(before, after, alongside, () => true);

    return settled === 'settled' ? settled : 'superseded';
  };
};

const settlingIn =
  ({ db, orders, payments, balances, products }: Books) =>
  async (
    before: Payment,
    after: Payment,
    alongside: readonly Write[] = [],
    maySkip: (booking: SkippedBooking) => boolean,
  ): Promise<Settled> => {
    const bookings = bookingsOf({ orders, balances, products }, before, after);
    const skipped: SkippedBooking[] = [];
    let cancelled = {};
    for (;;) {
      const from = { ...before, ...cancelled };
      const move = payments.move(from, withSkipped(withCancelOf(from, after), skipped));
      const isSkipped = ({ target }: Booking) => skipped.some((each) => each.target === target);
      const refusals = await commit(db, [
        {
          write: move,
          refused: (stored?: Item): Refused => cancelledSince(from, stored) ?? 'superseded',
        },
        ...alongside.map((write): Step<Refused> => ({ write, refused: () => 'superseded' })),
        ...bookings
          .filter((booking) => !isSkipped(booking))
          .map((booking) => ({
            write: booking.write,
            refused: (stored?: Item) => skippedBy(booking, stored),
          })),
      ]);
      if (refusals.length === 0) break;
      const refused = refusals.filter(isBooking);
      const noted = refusals.find((refusal) => typeof refusal === 'object' && !isBooking(refusal));
      if (refusals.includes('superseded')) return 'superseded';
      // The buyer can cancel once, so there is one such round at most.
      if (noted !== undefined) {
        cancelled = noted;
        continue;
      }
      if (!refused.every(maySkip)) return 'books-disagree';
      // Each round leaves out one more at least, so there are as many rounds as bookings at most.
      skipped.push(...refused);
    }
    reportSkipped(before, skipped);

    return 'settled';
  };

interface Cancelled {
  readonly cancelRequestedAt: string;
}

type Refused = 'superseded' | Cancelled | SkippedBooking;

const isBooking = (refused: Refused): refused is SkippedBooking =>
  typeof refused === 'object' && 'target' in refused;

/** That the buyer asked to cancel it since it was read, where nothing else has happened to it. */
const cancelledSince = (
  { version, status, cancelRequestedAt }: Payment,
  stored?: Item,
): Cancelled | undefined => {
  const now = stored as Payment | undefined;
  const isUnmoved = now?.version === version && now.status === status;

  return isUnmoved && cancelRequestedAt === undefined && now.cancelRequestedAt !== undefined
    ? { cancelRequestedAt: now.cancelRequestedAt }
    : undefined;
};

const withCancelOf = ({ cancelRequestedAt }: Payment, after: Payment): Payment =>
  cancelRequestedAt === undefined || after.cancelRequestedAt !== undefined
    ? after
    : withCancel(after, cancelRequestedAt);

const bookingsOf = (
  { orders, balances, products }: Pick<Books, 'orders' | 'balances' | 'products'>,
  { userId, orderId, reservation }: Payment,
  after: Payment,
): readonly Booking[] => {
  const { balance = 0, lines = [] } = reservation ?? {};

  return [
    { target: compensationTarget.order(orderId), delta: 0, write: orders.complete(after) },
    ...(balance === 0
      ? []
      : [
          {
            target: compensationTarget.balance(userId),
            delta: balance,
            write: balances.spend(after, balance),
          },
        ]),
    ...lines.map((line) => ({
      target: compensationTarget.stock(line.sku),
      delta: line.quantity,
      write: products.sell(line),
    })),
  ];
};
