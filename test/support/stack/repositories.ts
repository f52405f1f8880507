import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { createBalanceRepository } from '../../../shared/persistence/balance-repository.ts';
import { createCouponRepository } from '../../../shared/persistence/coupon-repository.ts';
import type { Item } from '../../../shared/persistence/dynamodb/expressions.ts';
import { createOrderRepository } from '../../../shared/persistence/order-repository.ts';
import { createPaymentRepository } from '../../../shared/persistence/payment-repository.ts';
import { createProductRepository } from '../../../shared/persistence/product-repository.ts';
import { createRefundRepository } from '../../../shared/persistence/refund-repository.ts';
import { db, stack } from './aws-clients.ts';
import { addOwnId } from './own-items.ts';

const { tables } = stack;

export const orders = createOrderRepository(db, tables.orders);
export const payments = createPaymentRepository(db, tables.payments);
export const refunds = createRefundRepository(db, tables.refunds);
export const balances = createBalanceRepository(db, tables.balances);
export const products = createProductRepository(db, tables.products);
export const coupons = createCouponRepository(db, tables.coupons);

/** The stored payment; throws if it does not exist. */
export const storedPayment = async (paymentId: string): Promise<Payment> => {
  const payment = await payments.find(paymentId);
  if (payment === undefined) throw new Error(`There is no payment ${paymentId}.`);
  addOwnId(paymentId);

  return payment;
};

/** The payment without the fields that an inquiry without news changes; a webhook may trigger one at any time. */
export const withoutInquiryFields = ({
  lastInquiredAt,
  lastImmediateInquiryAt,
  hintedAt,
  dueAt,
  dueShard,
  evidence,
  evidenceVersion,
  ...moves
}: Payment): Partial<Payment> => moves;

/** Every payment of a buyer. */
export const paymentsOf = async (userId: string): Promise<readonly Payment[]> => {
  const found = await query({ TableName: tables.payments, IndexName: 'byUser' }, { userId });

  return Promise.all(found.map(({ paymentId }) => storedPayment(`${paymentId}`)));
};

/** Every refund of a payment. */
export const refundsOf = (paymentId: string) => refunds.listByPayment(paymentId);

/** Compensation records of a payment, by target. */
export const compensationRecordsOf = async (paymentId: string): Promise<Record<string, Item>> => {
  const records = await query({ TableName: tables.compensations }, { paymentId });

  return Object.fromEntries(records.map((record) => [`${record.target}`, record]));
};

/** All items of a partition key. */
export const query = async (
  from: { readonly TableName: string; readonly IndexName?: string },
  key: Readonly<Record<string, string>>,
): Promise<readonly Item[]> => {
  const [[name, value] = ['', '']] = Object.entries(key);
  const pages = paginateQuery(
    { client: db },
    {
      ...from,
      KeyConditionExpression: '#key = :value',
      ExpressionAttributeNames: { '#key': name },
      ExpressionAttributeValues: { ':value': value },
    },
  );
  const found: Item[] = [];
  for await (const { Items = [] } of pages) found.push(...Items);

  return found;
};
