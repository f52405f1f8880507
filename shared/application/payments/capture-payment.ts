import { compensationTarget } from '../../domain/compensation/compensation-target.ts';
import { stockPartsOf } from '../../domain/orders/stock-shards.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import { withCancelRequest } from '../../domain/payments/payment-transitions.ts';
import { type SkippedBooking, withSkippedBookings } from '../../domain/skipped-booking.ts';
import type { Item, Write } from '../../persistence/dynamodb/expressions.ts';
import { type ConditionalWrite, commit } from '../../persistence/dynamodb/transaction.ts';
import type { PaymentRepositories } from './payment-repositories.ts';
import { type LedgerWrite, reportSkippedBookings, toSkippedBooking } from './skipped-bookings.ts';

/** `ledger-mismatch`: nothing is written, because the order is another payment's or can no longer be paid. */
export type CaptureResult = 'written' | 'version-conflict' | 'ledger-mismatch';

type CapturePayment<S extends CaptureResult> = (
  before: Payment,
  after: Payment,
  additionalWrites?: readonly Write[],
) => Promise<S>;

/**
 * Books a capture in one transaction: payment and order COMPLETED, held -> spent, reserved -> sold, and the
 * additional writes.
 *
 * The gateway has the money, so the payment completes even if a product, the balance or the order is missing,
 * or if a product or the balance does not have what was reserved. Such a booking is skipped, recorded on the
 * payment and counted. Only an existing order that is not this payment's stops the capture, because the buyer
 * may have paid twice.
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

/**
 * Books a capture that an operator has confirmed: the order's booking is also skipped if the order is not
 * this payment's.
 */
export const createCaptureAfterReview = (
  repositories: PaymentRepositories,
): CapturePayment<Exclude<CaptureResult, 'ledger-mismatch'>> => {
  const capture = createCapture(repositories);

  return async (before, after, additionalWrites) => {
    const result = await capture(before, after, additionalWrites, () => true);

    return result === 'written' ? result : 'version-conflict';
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
    const ledgerWrites = captureLedgerWrites({ orders, balances, products }, before, after);
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
      const rejectedBookings = rejections.filter(isSkippedBooking);
      const newCancellation = rejections.find(
        (rejection) => typeof rejection === 'object' && !isSkippedBooking(rejection),
      );
      if (rejections.includes('version-conflict')) return 'version-conflict';
      // The buyer can cancel only once, so this happens at most once.
      if (newCancellation !== undefined) {
        cancellation = newCancellation;
        continue;
      }
      if (!rejectedBookings.every(canSkip)) return 'ledger-mismatch';
      // Each round skips at least one more booking, so the rounds end.
      skipped.push(...rejectedBookings);
    }
    reportSkippedBookings(before, skipped);

    return 'written';
  };

interface ConcurrentCancellation {
  readonly cancelRequestedAt: string;
}

type CaptureRejection = 'version-conflict' | ConcurrentCancellation | SkippedBooking;

const isSkippedBooking = (rejection: CaptureRejection): rejection is SkippedBooking =>
  typeof rejection === 'object' && 'target' in rejection;

/** The cancellation request that was recorded since the payment was read, if nothing else has changed. */
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

interface CaptureWriters {
  readonly orders: Pick<PaymentRepositories['orders'], 'complete'>;
  readonly balances: Pick<PaymentRepositories['balances'], 'capture'>;
  readonly products: Pick<PaymentRepositories['products'], 'sell'>;
}

/** The writes of a capture in the books. Each can be skipped. */
export const captureLedgerWrites = (
  { orders, balances, products }: CaptureWriters,
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
    ...lines.flatMap(stockPartsOf).map((line) => ({
      target: compensationTarget.stock(line.sku),
      delta: line.quantity,
      write: products.sell(line),
    })),
  ];
};
