import { isOutage } from '../../config/transient-errors.ts';
import {
  keyReused,
  Outage,
  Refusal,
  type RefusalCode,
  type RefusalData,
} from '../../domain/errors.ts';
import { isAmount } from '../../domain/money.ts';
import { expectTotal, type Line, type Order } from '../../domain/orders/order.ts';
import { expectUnexpired } from '../../domain/orders/order-cancellation.ts';
import {
  openPayment,
  type Payment,
  type PaymentRequest,
  refusePayment,
} from '../../domain/payments/payment.ts';
import { type Balances, balanceNotUsable } from '../../persistence/balance-repository.ts';
import type { Item } from '../../persistence/dynamodb/expressions.ts';
import type { Patience } from '../../persistence/dynamodb/retry.ts';
import { commit, type Step } from '../../persistence/dynamodb/transaction.ts';
import { parseBalance, parseProduct } from '../../persistence/external-item-schemas.ts';
import { orderNotFound, whyNotPayable } from '../../persistence/order-repository.ts';
import { faultOf } from '../../persistence/parse-external-item.ts';
import { productNotSellable } from '../../persistence/product-repository.ts';
import { withHolderRead } from '../orders/held-order.ts';
import type { Books } from './payment-repositories.ts';

/** What a buyer asks for under a key. */
export interface Wish extends Omit<PaymentRequest, 'order'> {
  readonly userId: string;
  readonly orderId: string;
  /** Only ever compared with the order's total. */
  readonly expectedAmount?: number | undefined;
}

export interface Accepted {
  readonly payment: Payment;
  /** The payment was there already: the answer is the one of its first request. */
  readonly replayed: boolean;
}

/** The refusals that are stored as a payment that failed, and so are their key's answer for ever. */
export const storedRefusals = [
  'insufficient-balance',
  'out-of-stock',
] as const satisfies RefusalCode[];

/** Either the payment of this key that is already there, or why there can be none. */
type Obstacle = { readonly existing: Payment } | { readonly refusal: Refusal };

/**
 * Accepts a payment in one transaction: payment stored, order bound, balance held, stock reserved; or nothing of it.
 *
 * For want of balance or stock it is stored as FAILED, so that its key keeps its answer and its order is released.
 * Every refusal is thrown, and so is an outage, of which nothing is stored.
 *
 * The payment is the record of its key: the condition that it is new is the claim, and what is stored is the answer. A first request
 * asks for no payment before it puts one. Only where that does not succeed is the payment looked for, and it outranks whatever came up.
 */
export const acceptIn =
  (books: Books, patience?: Patience) =>
  async (wish: Wish, at: Date, unclaimedAfterMs: number): Promise<Accepted> => {
    const order = await books.orders.find(wish.orderId);
    const attempt = async () => {
      const request = { ...wish, order: payable(order, wish, at) };

      return put(books, request, { at, unclaimedAfterMs, patience });
    };
    const payment = await attempt().catch(async (error) => {
      if (!isNoAnswerYet(error)) throw error;
      const stored = await books.payments.find(wish.paymentId);
      if (stored !== undefined) return stored;
      throw error instanceof Refusal ? await withHolderRead(books.payments, error) : error;
    });

    return answerOf(payment, wish, at);
  };

/** The order has been paid by this very key perhaps, or the write was done and only its answer lost. */
const isNoAnswerYet = (error: unknown) =>
  error instanceof Refusal || error instanceof Outage || isOutage(error);

/** The order, if it may be paid as it was read. */
const payable = (
  order: Order | undefined,
  { userId, orderId, expectedAmount }: Wish,
  at: Date,
): Order => {
  if (order?.userId !== userId) throw orderNotFound(orderId);
  expectUnexpired(order, at);
  expectTotal(order, expectedAmount);
  if (order.status !== 'PENDING_PAYMENT') throw whyNotPayable(order, order, at);
  if (!isAmount(order.total)) throw totalNotPayable(order);

  return order;
};

interface Way {
  readonly at: Date;
  readonly unclaimedAfterMs: number;
  readonly patience: Patience | undefined;
}

/** The payment that is stored for this key now: accepted, refused, or put by an earlier request. */
const put = async (
  books: Books,
  request: PaymentRequest,
  { at, unclaimedAfterMs, patience }: Way,
): Promise<Payment> => {
  const payment = openPayment(request, at, unclaimedAfterMs);
  const obstacles = await commit(books.db, acceptSteps(books, request, payment, at), patience);
  const [first] = obstacles;
  if (first === undefined) return payment;
  if ('existing' in first) return first.existing;
  const refusal = whole(first.refusal, obstacles);
  if (!isStored(refusal)) throw refusal;
  const refused = refusePayment(request, at, failureOf(refusal));
  const steps = [{ write: books.payments.open(refused), refused: existing }];
  const [faster] = await commit(books.db, steps, patience);

  return faster?.existing ?? refused;
};

/** The order of the steps is the precedence of their refusals: a replay outranks an empty wallet. */
const acceptSteps = (
  { orders, payments, balances, products }: Books,
  { order }: PaymentRequest,
  payment: Payment,
  at: Date,
): Step<Obstacle>[] => [
  { write: payments.open(payment), refused: existing },
  {
    write: orders.bind(order, payment),
    refused: (stored) => ({ refusal: whyNotPayable(order, stored, at) }),
  },
  ...holdSteps(balances, payment),
  ...order.lines.map((line) => ({
    write: products.reserve(line),
    refused: (stored?: Item) => ({ refusal: whyNotReserved(payment, line, stored) }),
  })),
];

/** Nothing is held for an order that its coupon covers, so no balance needs to be there. */
const holdSteps = (balances: Balances, payment: Payment): Step<Obstacle>[] =>
  payment.amount === 0
    ? []
    : [
        {
          write: balances.hold(payment, payment.amount),
          refused: (stored) => ({ refusal: whyNotHeld(payment, stored) }),
        },
      ];

const whyNotHeld = (payment: Payment, stored: Item | undefined): Refusal => {
  const fault = faultOf(parseBalance, stored);

  return fault ? balanceNotUsable(fault) : insufficientBalance(payment, stored?.currency);
};

const whyNotReserved = ({ paymentId }: Payment, { sku }: Line, stored: Item | undefined) => {
  const fault = faultOf(parseProduct, stored);

  return fault ? productNotSellable([fault]) : outOfStock(paymentId, [sku]);
};

const existing = (stored?: Item) => ({ existing: stored as unknown as Payment });

/** What the first request of this key was answered, if this one asks for the same; this one may be it. */
const answerOf = (stored: Payment, wish: Wish, at: Date): Accepted => {
  if (stored.requestHash !== wish.requestHash) throw keyReused();
  const replayed = stored.createdAt !== at.toISOString() || stored.traceparent !== wish.traceparent;
  const refusal = refusalOf(stored);
  if (refusal) throw new Refusal(refusal, { replayed });

  return { payment: stored, replayed };
};

const failureOf = ({ data: { code, detail, errors } }: Refusal) => {
  const skus = errors?.flatMap(({ sku = [] }) => sku);

  return { code, reason: detail, ...(skus && { skus }) };
};

const isStored = ({ data }: Refusal) => storedRefusals.some((code) => code === data.code);

/** An order that was stored before its numbers were checked. */
const totalNotPayable = ({ total }: Order) =>
  new Refusal({
    code: 'order-not-payable',
    detail: `The order's total is ${total}, which is not a whole amount.`,
  });

const insufficientBalance = ({ paymentId, amount, currency }: Payment, held: unknown = currency) =>
  new Refusal({
    code: 'insufficient-balance',
    detail:
      held === currency
        ? `The balance does not cover ${amount} ${currency}.`
        : `The balance is in ${held}, and the order in ${currency}.`,
    paymentId,
  });

const outOfStock = (paymentId: string, skus: readonly string[]) =>
  new Refusal({
    code: 'out-of-stock',
    detail: 'There is not enough stock.',
    errors: skus.map((sku) => ({ sku, detail: `There is not enough "${sku}" left.` })),
    paymentId,
  });

/** The first refusal, which of products names every sku that was refused for the same reason. */
const whole = (first: Refusal, obstacles: readonly Obstacle[]): Refusal => {
  if (first.data.errors === undefined) return first;
  const refusals = obstacles.flatMap((obstacle) =>
    'refusal' in obstacle ? obstacle.refusal.data : [],
  );
  const errors = refusals
    .filter(({ code }) => code === first.data.code)
    .flatMap((refusal) => refusal.errors ?? []);

  return new Refusal({ ...first.data, errors });
};

/** The refusal that a payment was stored with, rebuilt as it was answered. */
const refusalOf = (payment: Payment): RefusalData | undefined => {
  if (payment.history[0]?.to !== 'FAILED') return undefined;

  return payment.failure?.code === 'out-of-stock'
    ? outOfStock(payment.paymentId, payment.failure.skus ?? []).data
    : { ...insufficientBalance(payment).data, detail: payment.failure?.reason ?? '' };
};
