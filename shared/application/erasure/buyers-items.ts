import {
  type OpenMatter,
  openMattersOfBalance,
  openMattersOfOrder,
  openMattersOfPayment,
  openMattersOfPoints,
  openMattersOfReview,
  type PaymentRecords,
} from '../../domain/erasure/open-matters.ts';
import type { ErasureReader } from '../../persistence/erasure-reader.ts';
import { InvalidItemError, parseBalance } from '../../persistence/external-item-schemas.ts';
import { storedItemSchemas } from '../../persistence/stored-item-schemas.ts';

/** Everything that names a buyer. */
export interface BuyersItems {
  readonly orders: Awaited<ReturnType<ErasureReader['orders']>>;
  readonly payments: readonly PaymentRecords[];
  readonly reviews: Awaited<ReturnType<ErasureReader['reviews']>>;
  readonly audits: Awaited<ReturnType<ErasureReader['audits']>>;
  readonly coupons: Awaited<ReturnType<ErasureReader['coupons']>>;
  readonly points: Awaited<ReturnType<ErasureReader['points']>>;
  readonly balance: Awaited<ReturnType<ErasureReader['balance']>>;
}

/** A line is reported after this many payments that are read, and after this many transactions. */
export const reportInterval = 500;

/** Reads everything that names a buyer. */
export const readBuyer = async (
  reader: ErasureReader,
  userId: string,
  report: (line: string) => void,
): Promise<BuyersItems> => {
  const payments: PaymentRecords[] = [];
  const found = await reader.payments(userId);
  for (const payment of found) {
    const { paymentId } = payment;
    const refunds = await reader.refunds(paymentId);
    payments.push({
      payment,
      refunds: refunds.filter((refund) => refund.userId === userId),
      compensations: await reader.compensations(paymentId),
    });
    if (payments.length % reportInterval === 0)
      report(`${payments.length} of ${found.length} payments read`);
  }

  return {
    payments,
    orders: await reader.orders(userId),
    reviews: await reader.reviews(userId),
    audits: await reader.audits(userId),
    coupons: await reader.coupons(userId),
    points: await reader.points(userId),
    balance: await reader.balance(userId),
  };
};

const unreadable = (
  table: keyof typeof storedItemSchemas,
  item: object,
  name: string,
): OpenMatter[] =>
  storedItemSchemas[table].safeParse(item).success
    ? []
    : [{ item: name, reason: 'is not valid as stored' }];

/** What prevents the erasure of a buyer. */
export const openMattersOf = (
  { orders, payments, reviews, points, balance }: BuyersItems,
  settledBefore: Date,
): OpenMatter[] => [
  ...orders.flatMap((order) => [
    ...unreadable('orders', order, `order ${order.orderId}`),
    ...openMattersOfOrder(order, settledBefore),
  ]),
  ...payments.flatMap((records) => [
    ...unreadable('payments', records.payment, `payment ${records.payment.paymentId}`),
    ...records.refunds.flatMap((refund) =>
      unreadable('refunds', refund, `refund ${refund.refundId}`),
    ),
    ...openMattersOfPayment(records, settledBefore),
  ]),
  ...reviews.flatMap(openMattersOfReview),
  ...points.flatMap((entry) => openMattersOfPoints(entry, settledBefore)),
  ...openBalance(balance),
];

const openBalance = (balance: BuyersItems['balance']): OpenMatter[] => {
  if (balance === undefined) return [];
  try {
    return openMattersOfBalance(parseBalance(balance));
  } catch (error) {
    if (!(error instanceof InvalidItemError)) throw error;

    return [{ item: 'balance', reason: `is not valid as stored: ${error.fields.join(', ')}` }];
  }
};
