import { type Rejection, type RejectionCode, RejectionError } from '../../domain/errors.ts';
import type { OrderContent, OrderLine } from '../../domain/orders/order.ts';
import type { OwnFailureCode } from '../../domain/payments/buyer-failure.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import { balanceAmountOf } from '../../domain/payments/tenders.ts';
import { balanceNotUsable } from '../../persistence/balance-repository.ts';
import type { Item } from '../../persistence/dynamodb/expressions.ts';
import {
  parseBalance,
  parseProduct,
  parseStockShard,
} from '../../persistence/external-item-schemas.ts';
import { findItemFault } from '../../persistence/parse-external-item.ts';
import { productNotSellable } from '../../persistence/product-repository.ts';

/** The rejections that are stored as a failed payment, and so stay the result of their idempotency key. */
export const storedRejectionCodes = [
  'insufficient-balance',
  'out-of-stock',
] as const satisfies (RejectionCode & OwnFailureCode)[];

/** The rejection for a balance that failed the hold. `stored` is its item. */
export const holdRejection = (payment: Payment, stored: Item | undefined): RejectionError => {
  const invalidItem = findItemFault(parseBalance, stored);

  return invalidItem
    ? balanceNotUsable(invalidItem)
    : insufficientBalance(payment, stored?.currency);
};

/** The rejection for a product, or one of its shards, that failed the reservation. `stored` is the item. */
export const reserveRejection = (
  { paymentId }: Payment,
  { sku }: OrderLine,
  part: OrderLine,
  stored: Item | undefined,
) => {
  const parse = part.sku === sku ? parseProduct : parseStockShard;
  const invalidItem = findItemFault<unknown>(parse, stored);

  return invalidItem ? productNotSellable([invalidItem]) : outOfStock(paymentId, [sku]);
};

/** The failure that a rejected payment is stored with. */
export const toPaymentFailure = ({ data: { code, detail, errors } }: RejectionError) => {
  const skus = errors?.flatMap(({ sku = [] }) => sku);

  return { code, reason: detail, ...(skus && { skus }) };
};

export const isStoredRejection = ({ data }: RejectionError) =>
  storedRejectionCodes.some((code) => code === data.code);

/** The rejection for an order with an invalid stored total. */
export const totalNotPayable = ({ total }: OrderContent) =>
  new RejectionError({
    code: 'order-not-payable',
    detail: `The order total ${total} is not an integer amount.`,
  });

/** The rejection for a request that takes more from the balance than the order's total. */
export const balanceExceedsTotal = ({ total, currency }: OrderContent) =>
  new RejectionError({
    code: 'balance-exceeds-total',
    detail: `The order's total is ${total} ${currency}.`,
    errors: [{ pointer: '/balanceAmount', detail: 'This is more than the total of the order.' }],
  });

const insufficientBalance = (payment: Payment, heldCurrency: unknown = payment.currency) => {
  const { paymentId, currency } = payment;

  return new RejectionError({
    code: 'insufficient-balance',
    detail:
      heldCurrency === currency
        ? `The balance does not cover ${balanceAmountOf(payment)} ${currency}.`
        : `The balance is in ${heldCurrency}, and the order in ${currency}.`,
    paymentId,
  });
};

const outOfStock = (paymentId: string, skus: readonly string[]) =>
  new RejectionError({
    code: 'out-of-stock',
    detail: 'There is not enough stock.',
    errors: skus.map((sku) => ({ sku, detail: `There is not enough "${sku}" left.` })),
    paymentId,
  });

/** The first rejection, extended by every other sku that was rejected for the same reason. */
export const withAllMissingSkus = (
  first: RejectionError,
  rejections: readonly RejectionError[],
): RejectionError => {
  if (first.data.errors === undefined) return first;
  const errors = rejections
    .filter(({ data }) => data.code === first.data.code)
    .flatMap(({ data }) => data.errors ?? []);

  return new RejectionError({ ...first.data, errors });
};

/** Whether accept stored the payment to reject it. An earlier version of the service stored it as FAILED. */
const isRejected = ({ history }: Payment): boolean =>
  history[0]?.to === 'COMPENSATED' || history[0]?.to === 'FAILED';

/** Rebuilds the rejection that the payment was stored with. */
export const storedRejectionOf = (payment: Payment): Rejection | undefined => {
  if (!isRejected(payment)) return undefined;

  return payment.failure?.code === 'out-of-stock'
    ? outOfStock(payment.paymentId, payment.failure.skus ?? []).data
    : { ...insufficientBalance(payment).data, detail: payment.failure?.reason ?? '' };
};
