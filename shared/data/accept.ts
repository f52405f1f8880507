import { keyReused, Outage, Refusal, type RefusalData } from '../domain/errors.ts';
import {
  openPayment,
  type Payment,
  type PaymentRequest,
  refusePayment,
} from '../domain/payment.ts';
import type { Balances } from './balances.ts';
import type { Books } from './books.ts';
import type { Item } from './expression.ts';
import { whyNotPayable } from './orders.ts';
import { isOutage } from './outage.ts';
import { commit, type Step } from './transaction.ts';

export interface Accepted {
  readonly payment: Payment;
  /** The payment was there already: the answer is the one of its first request. */
  readonly replayed: boolean;
}

/** Either the payment of this key that is already there, or why there can be none. */
type Obstacle = { readonly existing: Payment } | { readonly refusal: Refusal };

/**
 * Accepts a payment in one transaction: payment stored, order bound, balance held, stock reserved; or nothing of it.
 *
 * For want of balance or stock it is stored as FAILED, so that its key keeps its answer and its order is released.
 * Every refusal is thrown, and so is an outage, of which nothing is stored.
 */
export const acceptIn =
  (books: Books) =>
  async (request: PaymentRequest, at: Date, holdMs: number): Promise<Accepted> => {
    const payment = openPayment(request, at, holdMs);
    const obstacles = await settle(books, payment, acceptSteps(books, request, payment));
    const [first] = obstacles;
    if (first === undefined) return { payment, replayed: false };
    if ('existing' in first) return answerOf(first.existing, payment);

    const refusal = whole(first.refusal, obstacles);
    if (isStored(refusal)) await storeRefusal(books, request, refusal, at);
    throw refusal;
  };

/** The order of the steps is the precedence of their refusals: a replay outranks an empty wallet. */
const acceptSteps = (
  { orders, payments, balances, products }: Books,
  { order }: PaymentRequest,
  payment: Payment,
): Step<Obstacle>[] => [
  { write: payments.open(payment), refused: existing },
  {
    write: orders.bind(order, payment),
    refused: (stored) => ({ refusal: whyNotPayable(order, stored) }),
  },
  ...holdSteps(balances, payment),
  ...order.lines.map((line) => ({
    write: products.reserve(line),
    refused: () => ({ refusal: outOfStock(payment.paymentId, [line.sku]) }),
  })),
];

/** Nothing is held for an order that its coupon covers, so no balance needs to be there. */
const holdSteps = (balances: Balances, payment: Payment): Step<Obstacle>[] =>
  payment.amount === 0
    ? []
    : [
        {
          write: balances.hold(payment, payment.amount),
          refused: () => ({ refusal: insufficientBalance(payment) }),
        },
      ];

const existing = (stored?: Item): Obstacle => ({ existing: stored as unknown as Payment });

/** Commits; where the answer of the write itself was lost, the payment's own item tells what happened. */
const settle = async (
  { db, payments }: Books,
  payment: Payment,
  steps: readonly Step<Obstacle>[],
): Promise<readonly Obstacle[]> => {
  try {
    return await commit(db, steps);
  } catch (error) {
    if (!isOutage(error)) throw error;
    const stored = await payments.find(payment.paymentId);
    if (stored === undefined) throw new Outage('The payment was not stored.', { cause: error });

    return [{ existing: stored }];
  }
};

/** What the first request of this key was answered, if this one asks for the same. */
const answerOf = (stored: Payment, asked: Payment): Accepted => {
  if (stored.requestHash !== asked.requestHash) throw keyReused();
  const replayed = stored.createdAt !== asked.createdAt;
  const refusal = refusalOf(stored);
  if (refusal) throw new Refusal(refusal, { replayed });

  return { payment: stored, replayed };
};

const storeRefusal = async (
  { db, payments }: Books,
  request: PaymentRequest,
  { data }: Refusal,
  at: Date,
): Promise<void> => {
  const skus = data.errors?.flatMap(({ sku = [] }) => sku);
  const refused = refusePayment(request, at, {
    code: data.code,
    reason: data.detail,
    ...(skus && { skus }),
  });
  const [obstacle] = await commit(db, [{ write: payments.open(refused), refused: existing }]);
  // A second request of this key was faster. Its outcome is the one that counts, so the caller asks again.
  if (obstacle) throw new Outage('Another request of this key is under way.');
};

const isStored = ({ data }: Refusal) =>
  data.code === 'insufficient-balance' || data.code === 'out-of-stock';

const insufficientBalance = ({ paymentId, amount, currency }: Payment) =>
  new Refusal({
    code: 'insufficient-balance',
    detail: `The balance does not cover ${amount} ${currency}.`,
    paymentId,
  });

const outOfStock = (paymentId: string, skus: readonly string[]) =>
  new Refusal({
    code: 'out-of-stock',
    detail: 'There is not enough stock.',
    errors: skus.map((sku) => ({ sku, detail: `There is not enough "${sku}" left.` })),
    paymentId,
  });

/** The first refusal, which of short stock names every sku that was short. */
const whole = (first: Refusal, obstacles: readonly Obstacle[]): Refusal => {
  if (first.data.code !== 'out-of-stock') return first;
  const errors = obstacles.flatMap((obstacle) =>
    'refusal' in obstacle ? (obstacle.refusal.data.errors ?? []) : [],
  );

  return new Refusal({ ...first.data, errors });
};

/** The refusal that a payment was stored with, rebuilt as it was answered. */
const refusalOf = (payment: Payment): RefusalData | undefined => {
  if (payment.history[0]?.to !== 'FAILED') return undefined;

  return payment.failure?.code === 'out-of-stock'
    ? outOfStock(payment.paymentId, payment.failure.skus ?? []).data
    : insufficientBalance(payment).data;
};
