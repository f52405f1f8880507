import { compensationTarget } from '../../domain/compensation/compensation-target.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import { withCancelRequest } from '../../domain/payments/payment-transitions.ts';
import { type SkippedBooking, withSkippedBookings } from '../../domain/skipped-booking.ts';
import type { Item, Write } from '../../persistence/dynamodb/expressions.ts';
import { type ConditionalWrite, commit } from '../../persistence/dynamodb/transaction.ts';
import type { PaymentRepositories } from './payment-repositories.ts';
import { type LedgerWrite, reportSkippedBookings, toSkippedBooking } from './skipped-bookings.ts';

/** Settled; or another write moved the payment first; or the order belongs to another payment, or is not to be paid any more. */
export type CaptureResult = 'settled' | 'version-conflict' | 'ledger-mismatch';

type CapturePayment<S extends CaptureResult> = (
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
export const createCapturePayment = (
  repositories: PaymentRepositories,
): CapturePayment<CaptureResult> => {
  const capture = createCapture(repositories);

  return (before, after, additionalWrites) =>
    capture(before, after, additionalWrites, ({ target, outcome }) =>
      target === compensationTarget.order(before.orderId) ? outcome === 'target-missing' : true,
    );
};

/** The same, once a person has decided that the capture stands: the order's part is left out, too, where the order is not this payment's. */
export const createCaptureAfterReview = (
  repositories: PaymentRepositories,
): CapturePayment<Exclude<CaptureResult, 'ledger-mismatch'>> => {
  const capture = createCapture(repositories);

  return async (before, after, additionalWrites) => {
    const result = await capture(before, after, additionalWrites, () => true);

    return result === 'settled' ? result : 'version-conflict';
  };
};

const createCapture =
  ({ db, orders, payments, balances, products }: PaymentRepositories) =>
  async (
    before: Payment,
    after: Payment,
    additionalWrites: readonly Write[] = [],
    canSkip: (ledgerWrite: SkippedBooking) => boolean,
  ): Promise<CaptureResult> => {
    const ledgerWrites = ledgerWritesOf({ orders, balances, products }, before, after);
    const skipped: SkippedBooking[] = [];
    let cancellation = {};
    for (;;) {
      const current = { ...before, ...cancellation };
      const paymentWrite = payments.updateWrite(
        current,
        withSkippedBookings(withCancellationOf(current, after), skipped),
      );
      const isSkipped = ({ target }: LedgerWrite) => skipped.some((each) => each.target === target);
      const rejections = await commit(db, [
        {
          write: paymentWrite,
          toRejection: (stored?: Item): CaptureRejection =>
            concurrentCancellationOf(current, stored) ?? 'version-conflict',
        },
        ...additionalWrites.map(
          (write): ConditionalWrite<CaptureRejection> => ({
            write,
            toRejection: () => 'version-conflict',
          }),
        ),
        ...ledgerWrites
          .filter((ledgerWrite) => !isSkipped(ledgerWrite))
          .map((ledgerWrite) => ({
            write: ledgerWrite.write,
            toRejection: (stored?: Item) => toSkippedBooking(ledgerWrite, stored),
          })),
      ]);
      if (rejections.length === 0) break;
      const refusedBookings = rejections.filter(isSkippedBooking);
      const newCancellation = rejections.find(
        (rejection) => typeof rejection === 'object' && !isSkippedBooking(rejection),
      );
      if (rejections.includes('version-conflict')) return 'version-conflict';
      // The buyer can cancel once, so there is one such round at most.
      if (newCancellation !== undefined) {
        cancellation = newCancellation;
        continue;
      }
      if (!refusedBookings.every(canSkip)) return 'ledger-mismatch';
      // Each round leaves out one more at least, so there are as many rounds as bookings at most.
      skipped.push(...refusedBookings);
    }
    reportSkippedBookings(before, skipped);

    return 'settled';
  };

interface ConcurrentCancellation {
  readonly cancelRequestedAt: string;
}

type CaptureRejection = 'version-conflict' | ConcurrentCancellation | SkippedBooking;

const isSkippedBooking = (rejection: CaptureRejection): rejection is SkippedBooking =>
  typeof rejection === 'object' && 'target' in rejection;

/** That the buyer asked to cancel it since it was read, where nothing else has happened to it. */
const concurrentCancellationOf = (
  { version, status, cancelRequestedAt }: Payment,
  stored?: Item,
): ConcurrentCancellation | undefined => {
  const current = stored as Payment | undefined;
  const isUnchanged = current?.version === version && current.status === status;

  return isUnchanged && cancelRequestedAt === undefined && current.cancelRequestedAt !== undefined
    ? { cancelRequestedAt: current.cancelRequestedAt }
    : undefined;
};

const withCancellationOf = ({ cancelRequestedAt }: Payment, after: Payment): Payment =>
  cancelRequestedAt === undefined || after.cancelRequestedAt !== undefined
    ? after
    : withCancelRequest(after, cancelRequestedAt);

const ledgerWritesOf = (
  { orders, balances, products }: Pick<PaymentRepositories, 'orders' | 'balances' | 'products'>,
  { userId, orderId, reservation }: Payment,
  after: Payment,
): readonly LedgerWrite[] => {
  const { balance = 0, lines = [] } = reservation ?? {};

  return [
    { target: compensationTarget.order(orderId), delta: 0, write: orders.complete(after) },
    ...(balance === 0
      ? []
      : [
          {
            target: compensationTarget.balance(userId),
            delta: balance,
            write: balances.capture(after, balance),
          },
        ]),
    ...lines.map((line) => ({
      target: compensationTarget.stock(line.sku),
      delta: line.quantity,
      write: products.sell(line),
    })),
  ];
};
