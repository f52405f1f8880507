import type { Payment } from '../payments/payment.ts';
import { type CompensationRecord, reservedLines } from './compensation.ts';

/** What a compensation step restores or a booking changes; the sort key of a compensation record. */
export const compensationTarget = {
  stock: (sku: string) => `STOCK#${sku}`,
  balance: (userId: string) => `BALANCE#${userId}`,
  coupon: (couponId: string) => `COUPON#${couponId}`,
  order: (orderId: string) => `ORDER#${orderId}`,
};

/** The kind and id of a target; undefined if no step of ours writes it. */
export const parseCompensationTarget = (target: string) => {
  const kinds = ['stock', 'balance', 'coupon', 'order'] as const;
  const of = kinds.find((kind) => target.startsWith(compensationTarget[kind]('')));

  return of && { of, id: target.slice(compensationTarget[of]('').length) };
};

/** The products that the payment reserved. At least one. */
export const stockTargetsOf = (payment: Payment): readonly string[] =>
  reservedLines(payment).map(({ sku }) => compensationTarget.stock(sku));

/** Every target that needs a record before the payment is COMPENSATED. */
const compensationTargetsOf = (payment: Payment): readonly string[] => [
  ...stockTargetsOf(payment),
  compensationTarget.balance(payment.userId),
  compensationTarget.order(payment.orderId),
  ...(payment.couponId === undefined ? [] : [compensationTarget.coupon(payment.couponId)]),
];

/** The targets without a compensation record. */
export const uncompensatedTargets = (
  payment: Payment,
  records: readonly CompensationRecord[],
): string[] => {
  const recorded = new Set(records.map(({ target }) => target));

  return compensationTargetsOf(payment).filter((target) => !recorded.has(target));
};
