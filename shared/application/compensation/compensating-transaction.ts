import type { BasePlatform, Database } from '../../config/platform.ts';
import {
  assertCompensable,
  type CompensationRecord,
  heldAmount,
} from '../../domain/compensation/compensation.ts';
import { compensationTarget } from '../../domain/compensation/compensation-target.ts';
import type { OrderLine } from '../../domain/orders/order.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import { isSkipped, type SkippedBooking } from '../../domain/skipped-booking.ts';
import type { Clock } from '../../domain/time.ts';
import type { BalanceRepository } from '../../persistence/balance-repository.ts';
import {
  type CompensationRepository,
  createCompensationRepository,
} from '../../persistence/compensation-repository.ts';
import type { Item, Write } from '../../persistence/dynamodb/expressions.ts';
import { conflict, retryOnConflict } from '../../persistence/dynamodb/retry-on-conflict.ts';
import { commit } from '../../persistence/dynamodb/transaction.ts';
import {
  createPaymentRepository,
  type PaymentRepository,
} from '../../persistence/payment-repository.ts';
import type { ProductRepository } from '../../persistence/product-repository.ts';
import { storesFromEnv } from '../../persistence/stores-from-env.ts';
import { reportSkippedBookings, toSkippedBooking } from '../payments/skipped-bookings.ts';

interface Stores {
  readonly db: Database;
  readonly payments: Pick<PaymentRepository, 'getOrThrow' | 'checkUnchanged'>;
  readonly compensations: Pick<CompensationRepository, 'insert'>;
  readonly clock: Clock;
}

type CompensationEntry = Pick<CompensationRecord, 'target' | 'delta' | 'outcome'>;

/** The records of a compensation step, and the writes that they describe. */
export interface CompensationPlan {
  readonly records: readonly [CompensationEntry, ...CompensationEntry[]];
  readonly writes: readonly Write[];
  /** The record of a target that cannot be written. Without it, the attempt is repeated with a new plan. */
  readonly fallback?: (stored?: Item) => SkippedBooking;
}

/** Plans to restore one product of the reservation. */
export const planStock = (
  products: Pick<ProductRepository, 'restore'>,
  line: OrderLine,
): CompensationPlan =>
  planRestore(compensationTarget.stock(line.sku), line.quantity, () => products.restore(line));

/** Plans to release what the payment holds of the balance. */
export const planBalance = (
  balances: Pick<BalanceRepository, 'release'>,
  payment: Payment,
): CompensationPlan => {
  const amount = heldAmount(payment);

  return planRestore(compensationTarget.balance(payment.userId), amount, () =>
    balances.release(payment, amount),
  );
};

/** Plans to restore a quantity or an amount, or to record why there is nothing to restore. */
const planRestore = (target: string, delta: number, createWrite: () => Write): CompensationPlan =>
  delta === 0
    ? { records: [{ target, delta, outcome: 'nothing-reserved' }], writes: [] }
    : {
        records: [{ target, delta, outcome: 'restored' }],
        writes: [createWrite()],
        fallback: (stored) => toSkippedBooking({ target, delta }, stored),
      };

type PlanCompensation = (
  payment: Payment,
  at: string,
) => CompensationPlan | Promise<CompensationPlan>;

/** The outcome of the first record, or `already-recorded`. */
export type CompensationResult = CompensationRecord['outcome'] | 'already-recorded';

type CompensationRejection = 'recorded' | typeof conflict | SkippedBooking;

/**
 * Compensates part of a failed payment and stores the records of it in one transaction. Changes nothing if
 * the records exist, or if the payment is COMPENSATED. Throws ServiceUnavailableError after the last version conflict.
 *
 * A target that is missing, or whose counters do not allow the write, is recorded as skipped and the step
 * ends: a retry would find the same. A metric counts it, and an operator corrects the ledger.
 *
 * The transaction also checks the version of the payment. A FAILED payment can become COMPLETED through
 * IN_REVIEW. A step that read FAILED and writes late would restore captured money from what other payments
 * hold.
 */
export const createCompensate =
  ({ db, payments, compensations, clock }: Stores) =>
  (paymentId: string, createPlan: PlanCompensation): Promise<CompensationResult> => {
    let skipped: SkippedBooking | undefined;
    const tryCompensate = async () => {
      const found = await payments.getOrThrow(paymentId);
      if (found.status === 'COMPENSATED') return 'already-recorded';
      const payment = assertCompensable(found);
      const compensatedAt = clock.now().toISOString();
      const { records, writes, fallback } = skipped
        ? skipPlan(skipped)
        : await createPlan(payment, compensatedAt);
      const rejections = await commit<CompensationRejection>(db, [
        ...records.map((record) => ({
          write: compensations.insert(payment, { ...record, compensatedAt }),
          toRejection: () => 'recorded' as const,
        })),
        { write: payments.checkUnchanged(payment), toRejection: () => conflict },
        ...writes.map((write) => ({
          write,
          toRejection: (stored?: Item) => fallback?.(stored) ?? conflict,
        })),
      ]);
      if (rejections.length === 0) {
        reportSkippedBookings({ paymentId }, skipped ? [skipped] : records.filter(isSkipped));

        return records[0].outcome;
      }
      if (rejections.includes('recorded')) return 'already-recorded';
      if (!rejections.includes(conflict)) {
        skipped = rejections.find((rejection) => typeof rejection === 'object');
      }

      return conflict;
    };

    return retryOnConflict(`Compensation of payment ${paymentId}`, tryCompensate, {
      maxAttempts: 4,
    });
  };

/** Records that nothing was restored. */
const skipPlan = ({ target, outcome }: SkippedBooking): CompensationPlan => ({
  records: [{ target, delta: 0, outcome }],
  writes: [],
});

export type Compensate = ReturnType<typeof createCompensate>;

/** Creates `compensate` on the tables that the environment names. */
export const compensateFromEnv = (platform: BasePlatform): Compensate =>
  createCompensate({
    ...storesFromEnv(platform, {
      payments: createPaymentRepository,
      compensations: createCompensationRepository,
    }),
    clock: platform.clock,
  });
