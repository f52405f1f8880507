import { captureLedgerWrites } from '../../shared/application/payments/capture-payment.ts';
import type { PaymentRepositories } from '../../shared/application/payments/payment-repositories.ts';
import { findSkippedBookings } from '../../shared/application/payments/skipped-bookings.ts';
import {
  refundLedgerWrites,
  skippedAtCapture,
} from '../../shared/application/refunds/settle-refund.ts';
import { refundStageOf } from '../../shared/domain/payments/buyer-status.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { needsCancellationRefund } from '../../shared/domain/payments/refundable.ts';
import { gatewayRemainderOf } from '../../shared/domain/payments/tenders.ts';
import type { PointsRate } from '../../shared/domain/points/points-rate.ts';
import type { Refund } from '../../shared/domain/refunds/refund.ts';
import {
  bookingMoves,
  captureColumns,
  pointsMoves,
  type ResolutionPlan,
  refundColumns,
} from '../../shared/domain/reviews/resolution-plan.ts';
import type { OrderRepository } from '../../shared/persistence/order-repository.ts';

export interface PlanDependencies
  extends Pick<PaymentRepositories, 'db' | 'balances' | 'products'> {
  readonly orders: Pick<OrderRepository, 'find' | 'complete' | 'refund'>;
  readonly rate: PointsRate;
}

const takenOf = ({ amount, refunded }: Payment): number => amount - refunded;

/** What the capture of a payment moves; then its refund, if it was cancelled. */
export const planCapture = async (
  { db, rate, ...stores }: PlanDependencies,
  before: Payment,
  after: Payment,
): Promise<ResolutionPlan> => {
  const ledgerWrites = captureLedgerWrites(stores, before, after);
  const order = await stores.orders.find(before.orderId);
  const moves = bookingMoves(
    ledgerWrites,
    { ...captureColumns, order: [order?.status ?? '', 'COMPLETED'] },
    await findSkippedBookings(db, ledgerWrites),
  );

  return {
    moves: [...moves, ...pointsMoves(before.userId, { before: 0, after: takenOf(after) }, rate)],
    gateway: {
      charge: 0,
      refund: needsCancellationRefund(after) ? gatewayRemainderOf(after) : 0,
    },
  };
};

/** What a refund that the gateway has made moves. */
export const planRefund = async (
  { db, rate, ...stores }: PlanDependencies,
  refund: Refund,
  { before, after }: { readonly before: Payment; readonly after: Payment },
): Promise<ResolutionPlan> => {
  const ledgerWrites = refundLedgerWrites(stores, refund, before, after);
  const skippedBefore = skippedAtCapture(before, ledgerWrites);
  const left = ledgerWrites.filter(
    ({ target }) => !skippedBefore.some((each) => each.target === target),
  );
  const order = await stores.orders.find(before.orderId);
  const moves = bookingMoves(
    ledgerWrites,
    { ...refundColumns, order: [order?.status ?? '', refundStageOf(after)] },
    [...skippedBefore, ...(await findSkippedBookings(db, left))],
  );
  const taken = { before: takenOf(before), after: takenOf(after) };

  return {
    moves: [...moves, ...pointsMoves(before.userId, taken, rate)],
    gateway: { charge: 0, refund: 0 },
  };
};
