import type { Database } from '../../config/platform.ts';
import { compensationTarget } from '../../domain/compensation/compensation-target.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import { balanceAmountOf } from '../../domain/payments/tenders.ts';
import type { PaymentWithRefund, Refund } from '../../domain/refunds/refund.ts';
import {
  applyExternalRefund,
  applyRefundFailure,
  applyRefundSuccess,
  type RefundDeclined,
  type RefundSucceeded,
  unitsToRestock,
} from '../../domain/refunds/refund-settlement.ts';
import { type SkippedBooking, withSkippedBookings } from '../../domain/skipped-booking.ts';
import type { BalanceRepository } from '../../persistence/balance-repository.ts';
import type { Item, Write } from '../../persistence/dynamodb/expressions.ts';
import { conflict, retryOnConflict } from '../../persistence/dynamodb/retry-on-conflict.ts';
import { commit } from '../../persistence/dynamodb/transaction.ts';
import type { OrderRepository } from '../../persistence/order-repository.ts';
import type { PaymentRepository } from '../../persistence/payment-repository.ts';
import type { ProductRepository } from '../../persistence/product-repository.ts';
import type { RefundRepository } from '../../persistence/refund-repository.ts';
import {
  type LedgerWrite,
  reportSkippedBookings,
  toSkippedBooking,
} from '../payments/skipped-bookings.ts';

interface RefundStores {
  readonly db: Database;
  readonly payments: Pick<PaymentRepository, 'getOrThrow' | 'updateWrite'>;
  readonly refunds: Pick<RefundRepository, 'updateWrite'>;
}

/** Creates the write of the refund itself. */
type WriteRefund = (before: Refund, after: Refund) => Write;

interface SettlementStores extends RefundStores {
  readonly orders: Pick<OrderRepository, 'refund'>;
  readonly balances: Pick<BalanceRepository, 'refund'>;
  readonly products: Pick<ProductRepository, 'restock'>;
}

/** The written refund, or the version conflict of the refund. */
export type RefundWriteResult = Refund | 'version-conflict';

/** The retry limit: up to this many writers can change the payment concurrently. */
const maxAttempts = 10;

type RefundWriteRejection = 'version-conflict' | typeof conflict | SkippedBooking;

interface RefundWriteOptions {
  readonly db: Database;
  readonly payments: Pick<PaymentRepository, 'getOrThrow' | 'updateWrite'>;
  readonly write: WriteRefund;
  readonly refund: Refund;
  readonly decide: (before: PaymentWithRefund) => PaymentWithRefund | undefined;
  readonly buildLedgerWrites: (before: Payment, after: Payment) => readonly LedgerWrite[];
  readonly additionalWrites: readonly Write[];
}

/**
 * Updates a refund and its payment in one transaction, together with the additional writes. If only the
 * payment has changed since it was read, it is read again. A ledger write that cannot be applied is left out
 * and recorded on the refund.
 */
const writeRefundWithPayment = (options: RefundWriteOptions): Promise<RefundWriteResult> => {
  const { paymentId } = options.refund;
  const newlySkipped: SkippedBooking[] = [];
  const tryWrite = async () => {
    // Each round leaves out at least one more ledger write, so the rounds end. They are not conflicts and do
    // not count as attempts.
    for (;;) {
      const result = await writeOnce(options, newlySkipped);
      if (!Array.isArray(result)) return result;
      newlySkipped.push(...result);
    }
  };

  return retryOnConflict(`Payment ${paymentId}`, tryWrite, { maxAttempts });
};

/** Returns the written refund, a conflict, or the ledger writes that cannot be applied. */
const writeOnce = async (
  {
    db,
    payments,
    write: writeRefund,
    refund,
    decide,
    buildLedgerWrites,
    additionalWrites,
  }: RefundWriteOptions,
  newlySkipped: readonly SkippedBooking[],
): Promise<RefundWriteResult | typeof conflict | SkippedBooking[]> => {
  const before = { refund, payment: await payments.getOrThrow(refund.paymentId) };
  const after = decide(before);
  if (after === undefined) return 'version-conflict';
  const ledgerWrites = buildLedgerWrites(before.payment, after.payment);
  const skipped = [...skippedAtCapture(before.payment, ledgerWrites), ...newlySkipped];
  const written = withSkippedBookings(after.refund, skipped);
  const isSkipped = ({ target }: LedgerWrite) => skipped.some((each) => each.target === target);
  const rejections = await commit<RefundWriteRejection>(db, [
    ...[writeRefund(refund, written), ...additionalWrites].map((write) => ({
      write,
      toRejection: () => 'version-conflict' as const,
    })),
    {
      write: payments.updateWrite(before.payment, after.payment),
      toRejection: () => conflict,
    },
    ...ledgerWrites
      .filter((ledgerWrite) => !isSkipped(ledgerWrite))
      .map((ledgerWrite) => ({
        write: ledgerWrite.write,
        toRejection: (stored?: Item) => toSkippedBooking(ledgerWrite, stored),
      })),
  ]);
  if (rejections.length === 0) {
    reportSkippedBookings(refund, skipped);

    return written;
  }
  if (rejections.includes('version-conflict')) return 'version-conflict';

  // A rejected ledger write counts only if the payment was current in the same transaction.
  return rejections.includes(conflict)
    ? conflict
    : rejections.filter((rejection) => typeof rejection === 'object');
};

/**
 * A booking that the capture skipped is also skipped here: it would take from what other payments have
 * booked.
 */
export const skippedAtCapture = (
  { skipped = [] }: Payment,
  ledgerWrites: readonly LedgerWrite[],
): readonly SkippedBooking[] =>
  ledgerWrites.flatMap(({ target, delta }) => {
    const before = skipped.find((each) => each.target === target);

    return before ? [{ target, delta, outcome: before.outcome }] : [];
  });

/**
 * Books a refund in one transaction after the gateway has refunded its part: refund SUCCEEDED, payment and order
 * refunded, spent -> available for the balance part, and sold -> available for restocked units. The gateway has
 * paid, so the refund succeeds even if the order, the balance or a product cannot be booked. Such a booking is
 * recorded on the refund and counted.
 */
export const createSettleRefund =
  (stores: SettlementStores) =>
  (
    refund: Refund,
    outcome: RefundSucceeded,
    additionalWrites: readonly Write[] = [],
  ): Promise<RefundWriteResult> =>
    writeRefundWithPayment({
      ...stores,
      write: stores.refunds.updateWrite,
      refund,
      decide: (before) => applyRefundSuccess(before, outcome),
      buildLedgerWrites: (before, after) => refundLedgerWrites(stores, refund, before, after),
      additionalWrites,
    });

/**
 * Books a refund that was made at the gateway and not by this service. It is stored as SUCCEEDED, without a
 * gateway call. Returns `version-conflict` if it is booked already, or if another refund has reserved the
 * amount.
 */
export const createRecordExternalRefund =
  (
    stores: Omit<SettlementStores, 'refunds'> & {
      readonly refunds: Pick<RefundRepository, 'insert'>;
    },
  ) =>
  (
    refund: Refund,
    outcome: RefundSucceeded,
    additionalWrites: readonly Write[] = [],
  ): Promise<RefundWriteResult> =>
    writeRefundWithPayment({
      ...stores,
      write: (_, after) => stores.refunds.insert(after),
      refund,
      decide: (before) => applyExternalRefund(before, outcome),
      buildLedgerWrites: (before, after) => refundLedgerWrites(stores, refund, before, after),
      additionalWrites,
    });

/** The writes of a refund in the books. Each can be skipped. */
export const refundLedgerWrites = (
  { orders, balances, products }: Pick<SettlementStores, 'orders' | 'balances' | 'products'>,
  refund: Refund,
  before: Payment,
  after: Payment,
): readonly LedgerWrite[] => {
  const balanceAmount = balanceAmountOf(refund);

  return [
    {
      target: compensationTarget.order(after.orderId),
      delta: 0,
      write: orders.refund(before, after),
    },
    ...(balanceAmount === 0
      ? []
      : [
          {
            target: compensationTarget.balance(after.userId),
            delta: balanceAmount,
            write: balances.refund(after, balanceAmount),
          },
        ]),
    ...unitsToRestock(before, refund).map((line) => ({
      target: compensationTarget.stock(line.sku),
      delta: line.quantity,
      write: products.restock(line),
    })),
  ];
};

/**
 * Releases what a refund has reserved that the gateway declined: refund FAILED and payment in one
 * transaction.
 */
export const createFailRefund =
  (stores: RefundStores) =>
  (
    refund: Refund,
    decline: RefundDeclined,
    additionalWrites: readonly Write[] = [],
  ): Promise<RefundWriteResult> =>
    writeRefundWithPayment({
      ...stores,
      write: stores.refunds.updateWrite,
      refund,
      decide: (before) => applyRefundFailure(before, decline),
      buildLedgerWrites: () => [],
      additionalWrites,
    });
