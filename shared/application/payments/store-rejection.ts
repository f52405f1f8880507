import type { Payment } from '../../domain/payments/payment.ts';
import type { Item } from '../../persistence/dynamodb/expressions.ts';
import type { RetryPolicy } from '../../persistence/dynamodb/retry.ts';
import { conflict, retryOnConflict } from '../../persistence/dynamodb/retry-on-conflict.ts';
import { commit } from '../../persistence/dynamodb/transaction.ts';
import { planRelease, type ReleaseStores } from '../orders/release-plan.ts';
import type { PaymentRepositories } from './payment-repositories.ts';

interface Stores extends ReleaseStores, Pick<PaymentRepositories, 'db' | 'payments'> {}

type Refusal = { readonly existing: Payment } | typeof conflict;

/**
 * Stores a payment that accept rejected, cancels its order and restores the coupon, in one transaction. Nothing
 * is reserved, so the payment has ended with it. An order that another payment holds or that has ended, and its
 * coupon, stay as they are.
 *
 * Returns the stored payment: another one if a concurrent request of the same key was faster. Throws
 * ServiceUnavailableError after the last conflict; then nothing is stored.
 */
export const storeRejection = (
  { db, payments, ...stores }: Stores,
  payment: Payment,
  retryPolicy: RetryPolicy | undefined,
): Promise<Payment> => {
  const tryStore = async () => {
    const { writes } = await planRelease(stores, payment, payment.createdAt);
    const refusals = await commit<Refusal>(
      db,
      [
        {
          write: payments.insert(payment),
          toRejection: (stored?: Item) => ({ existing: stored as unknown as Payment }),
        },
        ...writes.map((write) => ({ write, toRejection: () => conflict }) as const),
      ],
      retryPolicy,
    );
    const [first] = refusals;
    if (first === undefined) return payment;

    return first === conflict ? conflict : first.existing;
  };

  return retryOnConflict(`Rejection of payment ${payment.paymentId}`, tryStore, {
    maxAttempts: 4,
  });
};
