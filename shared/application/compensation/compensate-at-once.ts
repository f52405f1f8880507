import type { Database } from '../../config/platform.ts';
import { reservedLines } from '../../domain/compensation/compensation.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import { transitionPayment } from '../../domain/payments/payment-transitions.ts';
import { isSkipped } from '../../domain/skipped-booking.ts';
import type { BalanceRepository } from '../../persistence/balance-repository.ts';
import type { CompensationRepository } from '../../persistence/compensation-repository.ts';
import { conflict } from '../../persistence/dynamodb/retry-on-conflict.ts';
import { type ConditionalWrite, commit } from '../../persistence/dynamodb/transaction.ts';
import type { PaymentRepository } from '../../persistence/payment-repository.ts';
import type { ProductRepository } from '../../persistence/product-repository.ts';
import { planRelease, type ReleaseStores } from '../orders/release-plan.ts';
import { type CompensationPlan, planBalance, planStock } from './compensating-transaction.ts';

interface Stores extends ReleaseStores {
  readonly db: Database;
  readonly payments: Pick<PaymentRepository, 'updateWrite'>;
  readonly balances: Pick<BalanceRepository, 'release'>;
  readonly products: Pick<ProductRepository, 'restore'>;
  readonly compensations: Pick<CompensationRepository, 'insert'>;
}

interface Transition {
  readonly at: Date;
  readonly by: string;
}

/** Why one transaction cannot compensate a payment. */
export interface Incomplete {
  readonly reason: string;
}

type Rejection = Incomplete | typeof conflict;

/** The limit of TransactWriteItems. */
const maxWrites = 100;

/**
 * Compensates a FAILED payment in one transaction: restores stock, balance, order and coupon, records each
 * target, and moves the payment to COMPENSATED.
 *
 * Returns the compensated payment, `conflict` if the payment, its order or its coupon has changed since it was
 * read, or why it needs the workflow: a target is missing or does not match, a step has recorded it, or there are
 * too many writes. Then nothing is written. Both write a record only if it is absent, so a target that a step has
 * restored fails this transaction, and the other way around.
 */
export const createCompensateAtOnce =
  ({ db, payments, balances, products, compensations, ...releaseStores }: Stores) =>
  async (before: Payment, { at, by }: Transition): Promise<Payment | Rejection> => {
    const compensatedAt = at.toISOString();
    const plans: readonly CompensationPlan[] = [
      ...reservedLines(before).map((line) => planStock(products, line)),
      planBalance(balances, before),
      await planRelease(releaseStores, before, compensatedAt),
    ];
    const skipped = plans.flatMap(({ records }) => records).find(isSkipped);
    if (skipped) return { reason: `${skipped.target} is missing` };
    const after = transitionPayment(before, 'compensated', { at, by });
    const writes = [
      { write: payments.updateWrite(before, after), toRejection: (): Rejection => conflict },
      ...plans.flatMap((plan) => writesOf(plan)),
    ] satisfies ConditionalWrite<Rejection>[];
    if (writes.length > maxWrites) return { reason: `it needs ${writes.length} writes` };
    const rejections = await commit<Rejection>(db, writes);
    const [first] = rejections;
    if (first === undefined) return after;

    return rejections.includes(conflict) ? conflict : first;

    function writesOf({
      records,
      writes: changes,
      fallback,
    }: CompensationPlan): ConditionalWrite<Rejection>[] {
      const [{ target }] = records;

      return [
        ...records.map((record) => ({
          write: compensations.insert(before, { ...record, compensatedAt }),
          toRejection: () => ({ reason: `${record.target} is restored already` }),
        })),
        ...changes.map((write) => ({
          write,
          toRejection: () => (fallback ? { reason: `${target} cannot be restored` } : conflict),
        })),
      ];
    }
  };

export type CompensateAtOnce = ReturnType<typeof createCompensateAtOnce>;
