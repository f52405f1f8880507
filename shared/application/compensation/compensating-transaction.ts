import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { BasePlatform } from '../../config/platform.ts';
import {
  assertCompensable,
  type CompensationRecord,
} from '../../domain/compensation/compensation.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import { isSkipped, type SkippedBooking } from '../../domain/skipped-booking.ts';
import type { Clock } from '../../domain/time.ts';
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
import { storesFromEnv } from '../../persistence/stores-from-env.ts';
import { reportSkippedBookings, toSkippedBooking } from '../payments/skipped-bookings.ts';

interface Stores {
  readonly db: DynamoDBDocumentClient;
  readonly payments: Pick<PaymentRepository, 'getOrThrow' | 'checkUnchanged'>;
  readonly compensations: Pick<CompensationRepository, 'insert'>;
  readonly clock: Clock;
}

type CompensationEntry = Pick<CompensationRecord, 'target' | 'delta' | 'outcome'>;

/** What a step records of a payment, and the writes that make the records true. */
export interface CompensationPlan {
  readonly records: readonly [CompensationEntry, ...CompensationEntry[]];
  readonly writes: readonly Write[];
  /** What is recorded instead where the target cannot take a write. Absent where the plan is made again from what is stored then. */
  readonly fallback?: (stored?: Item) => SkippedBooking;
}

/** Gives back so much of a counted thing, or records that there is nothing to give back, or nothing to give it back to. */
export const restorePlan = (
  target: string,
  delta: number,
  createWrite: () => Write,
): CompensationPlan =>
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

/** The outcome of the first record that was written, or that it was there before. */
export type CompensationResult = CompensationRecord['outcome'] | 'already-recorded';

type CompensationRejection = 'recorded' | typeof conflict | SkippedBooking;

/**
 * Undoes part of a failed payment in one transaction with its records. Where they are there already, nothing changes.
 *
 * A target that is gone, or whose counts do not allow the move, is recorded as that and the step is done: a retry would find the same, and
 * so would every new review of it. It is measured, and a person corrects the books.
 *
 * The payment is checked inside the transaction too. FAILED is conclusive but not the end: by way of IN_REVIEW it may become COMPLETED,
 * and a step that read FAILED and writes late would give captured money back out of what other payments hold. Every move raises the
 * version, so the version as read stands for the state and for the journal that tells whose review it is.
 */
export const createCompensate =
  ({ db, payments, compensations, clock }: Stores) =>
  (paymentId: string, createPlan: PlanCompensation): Promise<CompensationResult> => {
    let skipped: SkippedBooking | undefined;
    const tryCompensate = async () => {
      const payment = assertCompensable(await payments.getOrThrow(paymentId));
      const compensatedAt = clock.now().toISOString();
      const { records, writes, fallback } = skipped
        ? skipPlan(skipped)
        : await createPlan(payment, compensatedAt);
      const rejections = await commit<CompensationRejection>(db, [
        ...records.map((record) => ({
          write: compensations.insert({ paymentId, ...record, compensatedAt }),
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

/** Nothing was given back, and that is all that a record of it says. */
const skipPlan = ({ target, outcome }: SkippedBooking): CompensationPlan => ({
  records: [{ target, delta: 0, outcome }],
  writes: [],
});

export type Compensate = ReturnType<typeof createCompensate>;

/** Over the tables that the environment names. */
export const compensateFromEnv = (platform: BasePlatform): Compensate =>
  createCompensate({
    ...storesFromEnv(platform, {
      payments: createPaymentRepository,
      compensations: createCompensationRepository,
    }),
    clock: platform.clock,
  });
