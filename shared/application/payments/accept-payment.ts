import { idempotencyKeyReused, RejectionError } from '../../domain/errors.ts';
import type { Order } from '../../domain/orders/order.ts';
import type { OrderToPay } from '../../domain/orders/order-to-pay.ts';
import { stockPartsOf } from '../../domain/orders/stock-shards.ts';
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
import type { ConditionalWrite } from '../../persistence/dynamodb/transaction.ts';
import { notPayableRejection } from '../../persistence/order-repository.ts';
import { mayAlreadyBeStored } from '../may-already-be-stored.ts';
import { explainHeldOrder } from '../orders/held-order.ts';
import type { ReleaseStores } from '../orders/release-plan.ts';
import {
  holdRejection,
  isStoredRejection,
  reserveRejection,
  storedRejectionOf,
  toPaymentFailure,
  withAllMissingSkus,
} from './accept-rejections.ts';
import { commitReservation, type StockConflict } from './commit-reservation.ts';
import { assertPayable, orderAsSent, type PayCommand } from './payable-order.ts';
import type { PaymentRepositories } from './payment-repositories.ts';
import { storeRejection } from './store-rejection.ts';

/** A buyer's request for a payment under an idempotency key. */
export type AcceptCommand = Omit<PaymentRequest, 'order'> & PayCommand;

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
type WriteConflict = { readonly existing: Payment } | Refused;

interface Refused extends StockConflict {
  readonly rejection: RejectionError;
  /** The stored item that failed the condition, if it was the order's. */
  readonly order?: { readonly stored: Order | undefined };
}

/**
 * Accepts a payment in one transaction: stores the payment, assigns it to the order, holds the balance and
 * reserves the stock. Without a payment method for what the gateway charges, the payment waits for one.
 *
 * If balance or stock is insufficient, a second transaction stores the rejected payment, so that its key keeps
 * its result, and releases its order. Throws every rejection, and ServiceUnavailableError, after which nothing
 * is stored.
 *
 * The payment item is the idempotency record of its key, and the condition that it is new is the claim. A
 * first request writes without a read of it, and without a read of the order if the client has sent that. If
 * the write fails, the payment is read, and a stored payment takes precedence over any error.
 */
export const createAcceptPayment =
  (repositories: AcceptRepositories, retryPolicy?: RetryPolicy) =>
  async (command: AcceptCommand, at: Date, timings: AcceptTimings): Promise<AcceptResult> => {
    const { orders, payments } = repositories;
    const options = { at, timings, retryPolicy };
    const sent = orderAsSent(command, at);
    const read = sent ? undefined : await orders.find(command.orderId);
    const accept = sent
      ? acceptAsSent(repositories, command, sent, options)
      : acceptAsRead(repositories, command, read, options);
    const payment = await accept.catch(async (error) => {
      if (!mayAlreadyBeStored(error)) throw error;
      const stored = await payments.find(command.paymentId);
      if (stored !== undefined) return stored;
      throw error instanceof RejectionError ? await explainHeldOrder(payments, error) : error;
    });

    return toAcceptResult(payment, command, at);
  };

interface AcceptOptions {
  readonly at: Date;
  readonly timings: AcceptTimings;
  readonly retryPolicy: RetryPolicy | undefined;
}

/** Accepts the order as it was read. */
const acceptAsRead = async (
  repositories: AcceptRepositories,
  command: AcceptCommand,
  order: Order | undefined,
  options: AcceptOptions,
): Promise<Payment> => {
  const request = { ...command, order: assertPayable(order, command, options.at) };
  const result = await storePayment(repositories, request, options);

  return 'payment' in result
    ? result.payment
    : rejectRequest(repositories, request, result.rejection, options);
};

/**
 * Accepts the order as it was sent. If it is not the stored one, or cannot be paid, the failed transaction
 * answers the stored one: then that is accepted or rejected, as if it had been read.
 */
const acceptAsSent = async (
  repositories: AcceptRepositories,
  command: AcceptCommand,
  sent: OrderToPay,
  options: AcceptOptions,
): Promise<Payment> => {
  const result = await storePayment(repositories, { ...command, order: sent }, options);
  if ('payment' in result) return result.payment;
  if (result.order) return acceptAsRead(repositories, command, result.order.stored, options);
  // Nothing is stored for an order that only its client describes.
  const order = assertPayable(await repositories.orders.find(command.orderId), command, options.at);

  return order.contentHash === sent.contentHash
    ? rejectRequest(repositories, { ...command, order }, result.rejection, options)
    : acceptAsRead(repositories, command, order, options);
};

/** Stores the payment. Returns it or the one that is stored for this key already, or the rejection. */
const storePayment = async (
  repositories: AcceptRepositories,
  request: PaymentRequest,
  { at, timings, retryPolicy }: AcceptOptions,
): Promise<{ readonly payment: Payment } | Refused> => {
  const payment = isMethodMissing(request)
    ? openPaymentWithoutMethod(request, at, timings)
    : openPayment(request, at, timings.unclaimedTimeoutMs);
  const { payment: reserved, conflicts } = await commitReservation(
    repositories,
    payment,
    request.order.lines,
    (withShards) => acceptWrites(repositories, request, withShards, at),
    retryPolicy,
  );
  const [first] = conflicts;
  if (first === undefined) return { payment: reserved };
  if ('existing' in first) return { payment: first.existing };
  const rejection = withAllMissingSkus(
    first.rejection,
    conflicts.flatMap((conflict) => ('rejection' in conflict ? conflict.rejection : [])),
  );

  return { ...first, rejection };
};

/** Stores the payment as rejected. Returns it, or the one that is stored for this key already. */
const rejectRequest = async (
  repositories: AcceptRepositories,
  request: PaymentRequest,
  rejection: RejectionError,
  { at, retryPolicy }: AcceptOptions,
): Promise<Payment> => {
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
    toRejection: (stored) => ({
      rejection: notPayableRejection(order, stored, at),
      order: { stored: stored as Order | undefined },
    }),
  },
  ...holdWrites(balances, payment),
  ...(payment.reservation?.lines ?? []).flatMap((line) =>
    stockPartsOf(line).map((part) => ({
      write: products.reserve(part, line.sku),
      toRejection: (stored?: Item) => ({
        rejection: reserveRejection(payment, line, part, stored),
        short: { line, stored },
      }),
    })),
  ),
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
