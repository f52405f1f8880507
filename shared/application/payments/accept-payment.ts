import { idempotencyKeyReused, RejectionError } from '../../domain/errors.ts';
import { isAmount } from '../../domain/money.ts';
import { assertExpectedTotal, type Order } from '../../domain/orders/order.ts';
import { assertNotExpired } from '../../domain/orders/order-cancellation.ts';
import {
  isMethodMissing,
  openPayment,
  openPaymentWithoutMethod,
  type PaymentRequest,
  rejectPayment,
} from '../../domain/payments/open-payment.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import { balanceAmountOf } from '../../domain/payments/tenders.ts';
import type { Timings } from '../../domain/timings.ts';
import type { BalanceRepository } from '../../persistence/balance-repository.ts';
import type { Item } from '../../persistence/dynamodb/expressions.ts';
import type { RetryPolicy } from '../../persistence/dynamodb/retry.ts';
import { type ConditionalWrite, commit } from '../../persistence/dynamodb/transaction.ts';
import { notPayableRejection, orderNotFound } from '../../persistence/order-repository.ts';
import { mayAlreadyBeStored } from '../may-already-be-stored.ts';
import { explainHeldOrder } from '../orders/held-order.ts';
import type { ReleaseStores } from '../orders/release-plan.ts';
import {
  balanceExceedsTotal,
  holdRejection,
  isStoredRejection,
  reserveRejection,
  storedRejectionOf,
  toPaymentFailure,
  totalNotPayable,
  withAllMissingSkus,
} from './accept-rejections.ts';
import type { PaymentRepositories } from './payment-repositories.ts';
import { storeRejection } from './store-rejection.ts';

/** A buyer's request for a payment under an idempotency key. */
export interface AcceptCommand extends Omit<PaymentRequest, 'order'> {
  readonly userId: string;
  readonly orderId: string;
  /** Compared with the order total and not used for anything else. */
  readonly expectedAmount?: number | undefined;
}

export interface AcceptResult {
  readonly payment: Payment;
  /** The payment existed already: this is the result of its first request. */
  readonly replayed: boolean;
}

export type AcceptTimings = Pick<Timings, 'unclaimedTimeoutMs' | 'holdExpiryMs'>;

export interface AcceptRepositories extends PaymentRepositories {
  readonly coupons: ReleaseStores['coupons'];
}

/** The payment that is stored for this key already, or the rejection. */
type WriteConflict = { readonly existing: Payment } | { readonly rejection: RejectionError };

/**
 * Accepts a payment in one transaction: stores the payment, assigns it to the order, holds the balance and
 * reserves the stock. Without a payment method for what the gateway charges, the payment waits for one.
 *
 * If balance or stock is insufficient, a second transaction stores the rejected payment, so that its key keeps
 * its result, and releases its order. Throws every rejection, and ServiceUnavailableError, after which nothing
 * is stored.
 *
 * The payment item is the idempotency record of its key, and the condition that it is new is the claim. A
 * first request writes without a read. If the write fails, the payment is read, and a stored payment takes
 * precedence over any error.
 */
export const createAcceptPayment =
  (repositories: AcceptRepositories, retryPolicy?: RetryPolicy) =>
  async (command: AcceptCommand, at: Date, timings: AcceptTimings): Promise<AcceptResult> => {
    const order = await repositories.orders.find(command.orderId);
    const tryAccept = async () => {
      const request = { ...command, order: assertPayable(order, command, at) };

      return storePayment(repositories, request, { at, timings, retryPolicy });
    };
    const payment = await tryAccept().catch(async (error) => {
      if (!mayAlreadyBeStored(error)) throw error;
      const stored = await repositories.payments.find(command.paymentId);
      if (stored !== undefined) return stored;
      throw error instanceof RejectionError
        ? await explainHeldOrder(repositories.payments, error)
        : error;
    });

    return toAcceptResult(payment, command, at);
  };

/**
 * Returns the order if it can be paid. Throws the rejection order-not-found, total-changed or
 * order-not-payable otherwise.
 */
const assertPayable = (
  order: Order | undefined,
  { userId, orderId, expectedAmount, balanceAmount = 0 }: AcceptCommand,
  at: Date,
): Order => {
  if (order?.userId !== userId) throw orderNotFound(orderId);
  assertNotExpired(order, at);
  assertExpectedTotal(order, expectedAmount);
  if (order.status !== 'PENDING_PAYMENT') throw notPayableRejection(order, order, at);
  if (!isAmount(order.total)) throw totalNotPayable(order);
  if (balanceAmount > order.total) throw balanceExceedsTotal(order);

  return order;
};

interface AcceptOptions {
  readonly at: Date;
  readonly timings: AcceptTimings;
  readonly retryPolicy: RetryPolicy | undefined;
}

/** Returns the stored payment of this key: accepted, rejected, or stored by an earlier request. */
const storePayment = async (
  repositories: AcceptRepositories,
  request: PaymentRequest,
  { at, timings, retryPolicy }: AcceptOptions,
): Promise<Payment> => {
  const payment = isMethodMissing(request)
    ? openPaymentWithoutMethod(request, at, timings)
    : openPayment(request, at, timings.unclaimedTimeoutMs);
  const conflicts = await commit(
    repositories.db,
    acceptWrites(repositories, request, payment, at),
    retryPolicy,
  );
  const [first] = conflicts;
  if (first === undefined) return payment;
  if ('existing' in first) return first.existing;
  const rejection = withAllMissingSkus(
    first.rejection,
    conflicts.flatMap((conflict) => ('rejection' in conflict ? conflict.rejection : [])),
  );
  if (!isStoredRejection(rejection)) throw rejection;

  return storeRejection(
    repositories,
    rejectPayment(request, at, toPaymentFailure(rejection)),
    retryPolicy,
  );
};

/**
 * The order of the writes is the precedence of their rejections: a replay comes before an insufficient
 * balance.
 */
const acceptWrites = (
  { orders, payments, balances, products }: PaymentRepositories,
  { order }: PaymentRequest,
  payment: Payment,
  at: Date,
): ConditionalWrite<WriteConflict>[] => [
  { write: payments.insert(payment), toRejection: alreadyStored },
  {
    write: orders.assignPayment(order, payment),
    toRejection: (stored) => ({ rejection: notPayableRejection(order, stored, at) }),
  },
  ...holdWrites(balances, payment),
  ...order.lines.map((line) => ({
    write: products.reserve(line),
    toRejection: (stored?: Item) => ({ rejection: reserveRejection(payment, line, stored) }),
  })),
];

/** A payment that takes nothing from the balance needs none. */
const holdWrites = (
  balances: BalanceRepository,
  payment: Payment,
): ConditionalWrite<WriteConflict>[] => {
  const balanceAmount = balanceAmountOf(payment);
  if (balanceAmount === 0) return [];

  return [
    {
      write: balances.hold(payment, balanceAmount),
      toRejection: (stored) => ({ rejection: holdRejection(payment, stored) }),
    },
  ];
};

const alreadyStored = (stored?: Item) => ({ existing: stored as unknown as Payment });

/** The result of the key's first request. Throws idempotency-key-reused if this request has other content. */
const toAcceptResult = (stored: Payment, command: AcceptCommand, at: Date): AcceptResult => {
  if (stored.requestHash !== command.requestHash) throw idempotencyKeyReused();
  const replayed =
    stored.createdAt !== at.toISOString() || stored.traceparent !== command.traceparent;
  const rejection = storedRejectionOf(stored);
  if (rejection) throw new RejectionError(rejection, { replayed });

  return { payment: stored, replayed };
};
