import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ServiceUnavailableError } from '../../domain/errors.ts';
import { compensationTarget } from '../../domain/ids.ts';
import { mergeLines } from '../../domain/orders/order.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import type { PaymentWithRefund } from '../../domain/refunds/open-refund.ts';
import type { Refund } from '../../domain/refunds/refund.ts';
import {
  applyExternalRefund,
  applyRefundFailure,
  applyRefundSuccess,
  type RefundDeclined,
  type RefundSucceeded,
} from '../../domain/refunds/refund-settlement.ts';
import { type SkippedBooking, withSkippedBookings } from '../../domain/skipped-booking.ts';
import type { BalanceRepository } from '../../persistence/balance-repository.ts';
import type { Item, Write } from '../../persistence/dynamodb/expressions.ts';
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
  readonly db: DynamoDBDocumentClient;
  readonly payments: Pick<PaymentRepository, 'getOrThrow' | 'updateWrite'>;
  readonly refunds: Pick<RefundRepository, 'updateWrite'>;
}

/** How the refund itself is written. */
type WriteRefund = (before: Refund, after: Refund) => Write;

interface SettlementStores extends RefundStores {
  readonly orders: Pick<OrderRepository, 'refund'>;
  readonly balances: Pick<BalanceRepository, 'refund'>;
  readonly products: Pick<ProductRepository, 'restock'>;
}

/** The refund as it was written; or another write moved it first. */
export type RefundWriteResult = Refund | 'version-conflict';

/** As with every write of a payment: each try but the last has lost to another one. */
const maxAttempts = 10;

type RefundWriteRejection = 'version-conflict' | 'moved' | SkippedBooking;

/**
 * Moves a refund together with its payment, and whatever else is to be true with it. Where only the payment has moved meanwhile, it is read
 * and tried again; a booking that its book cannot take is left out and recorded on the refund.
 */
const writeRefundWithPayment = async (
  {
    db,
    payments,
    write: writeRefund,
  }: Pick<RefundStores, 'db' | 'payments'> & { write: WriteRefund },
  refund: Refund,
  decide: (before: PaymentWithRefund) => PaymentWithRefund | undefined,
  buildLedgerWrites: (before: Payment, after: Payment) => readonly LedgerWrite[],
  additionalWrites: readonly Write[],
): Promise<RefundWriteResult> => {
  const newlySkipped: SkippedBooking[] = [];
  let conflicts = 0;
  while (conflicts < maxAttempts) {
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
      { write: payments.updateWrite(before.payment, after.payment), toRejection: () => 'moved' },
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
    // What a book refused is judged only against the payment that it belongs to.
    if (rejections.includes('moved')) conflicts += 1;
    else newlySkipped.push(...rejections.filter((rejection) => typeof rejection === 'object'));
  }
  throw new ServiceUnavailableError(`Payment ${refund.paymentId} moves too often.`);
};

/** What the capture could not book cannot be taken back out of the books either: it would be taken from what others have paid. */
const skippedAtCapture = (
  { skipped = [] }: Payment,
  ledgerWrites: readonly LedgerWrite[],
): readonly SkippedBooking[] =>
  ledgerWrites.flatMap(({ target, delta }) => {
    const before = skipped.find((each) => each.target === target);

    return before ? [{ target, delta, outcome: before.outcome }] : [];
  });

/**
 * Books what the gateway has paid back in one transaction: refund SUCCEEDED, payment and order refunded so far, spent -> available, and
 * sold -> available for what goes back into the stock. The gateway has paid, so the refund succeeds whatever became of the order, the
 * balance or a product; the part that could not be booked is recorded on the refund and measured.
 */
export const createSettleRefund =
  (stores: SettlementStores) =>
  (
    refund: Refund,
    outcome: RefundSucceeded,
    additionalWrites: readonly Write[] = [],
  ): Promise<RefundWriteResult> =>
    writeRefundWithPayment(
      { ...stores, write: stores.refunds.updateWrite },
      refund,
      (before) => applyRefundSuccess(before, outcome),
      (before, after) => ledgerWritesOf(stores, refund, before, after),
      additionalWrites,
    );

/**
 * Books a refund that somebody made at the gateway, as settled from its beginning; nothing is asked of the gateway. Superseded where it is
 * booked already, or where a refund of ours has set aside what it would take.
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
    writeRefundWithPayment(
      { ...stores, write: (_, after) => stores.refunds.insert(after) },
      refund,
      (before) => applyExternalRefund(before, outcome),
      (before, after) => ledgerWritesOf(stores, refund, before, after),
      additionalWrites,
    );

const ledgerWritesOf = (
  { orders, balances, products }: Pick<SettlementStores, 'orders' | 'balances' | 'products'>,
  { amount, lines }: Refund,
  before: Payment,
  after: Payment,
): readonly LedgerWrite[] => [
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
    write: products.restock(line),
  })),
];

/** Gives back what a refund that the PG refuses has set aside: refund FAILED and payment in one transaction. */
export const createFailRefund =
  (stores: RefundStores) =>
  (
    refund: Refund,
    decline: RefundDeclined,
    additionalWrites: readonly Write[] = [],
  ): Promise<RefundWriteResult> =>
    writeRefundWithPayment(
      { ...stores, write: stores.refunds.updateWrite },
      refund,
      (before) => applyRefundFailure(before, decline),
      () => [],
      additionalWrites,
    );
