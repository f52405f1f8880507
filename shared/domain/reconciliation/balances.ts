import type { Balance } from '../money.ts';
import type { Product } from '../orders/order.ts';
import {
  comparing,
  type Disagreement,
  explainedIf,
  type Finding,
  type Subject,
} from './discrepancy.ts';
import { isAccountedFor } from './skipped-bookings.ts';
import { type Account, givenBack, type View } from './snapshot.ts';

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** Minor units that the payment keeps from its buyer's other purchases, and those that are gone. */
const moneyOf = (account: Account) => {
  const { payment, standing } = account;
  const held = payment.reservation?.balance ?? 0;
  if (standing === 'paid') return { held: 0, spent: payment.amount - payment.refunded };
  const isBack =
    standing === 'failed' && givenBack(account, 'balance', payment.userId) !== undefined;

  return { held: isBack ? 0 : held, spent: 0 };
};

const linesOf = ({ payment }: Account) => payment.reservation?.lines ?? [];

const unitsOf = (account: Account, sku: string) => {
  const { standing, refunds } = account;
  const reserved = linesOf(account).find((line) => line.sku === sku)?.quantity ?? 0;
  if (standing === 'paid') return { reserved: 0, sold: reserved - restocked(refunds, sku) };
  const isBack = standing === 'failed' && givenBack(account, 'stock', sku) !== undefined;

  return { reserved: isBack ? 0 : reserved, sold: 0 };
};

const restocked = (refunds: Account['refunds'], sku: string) =>
  sum(
    refunds
      .filter(({ status }) => status === 'SUCCEEDED')
      .flatMap(({ lines }) => lines)
      .filter((line) => line.restock && line.sku === sku)
      .map(({ quantity }) => quantity),
  );

const noMoney = { currency: '', available: 0, held: 0, spent: 0, deposited: 0 };
const noUnits = { available: 0, reserved: 0, sold: 0, received: 0 };

/** Every buyer's balance against the buyer's own payments. */
export const buyerFindings = ({ balances, accounts, isStill }: View): Finding[] => {
  const rows = new Map(balances.map((balance) => [balance.userId, balance]));
  const payers = Map.groupBy(accounts, ({ payment }) => payment.userId);

  return [...new Set([...rows.keys(), ...payers.keys()])].map((id) => {
    const own = payers.get(id) ?? [];
    const found = rows.get(id);
    const row: Omit<Balance, 'userId'> = found ?? noMoney;
    const money = own.map(moneyOf);
    const held = sum(money.map((each) => each.held));
    const spent = sum(money.map((each) => each.spent));
    const subject: Subject = { kind: 'buyer', id };
    const currency = row.currency || (own[0]?.payment.currency ?? '');

    return {
      subject,
      isStill: isStill({ accounts: own }),
      ...explainedIf(
        isAccountedFor(
          own,
          { of: 'balance', id },
          found && { ...found, pending: found.held, done: found.spent, total: found.deposited },
          { pending: held, done: spent },
        ),
        columns(subject, currency, row, { available: row.deposited - held - spent, held, spent }),
      ),
    };
  });
};

/** Every product's stock against the payments that have it in their reservation. */
export const productFindings = ({ products, accounts, isStill }: View): Finding[] => {
  const rows = new Map(products.map((product) => [product.sku, product]));
  const sales = Map.groupBy(
    accounts.flatMap((account) => linesOf(account).map(({ sku }) => ({ sku, account }))),
    ({ sku }) => sku,
  );

  return [...new Set([...rows.keys(), ...sales.keys()])].map((id) => {
    const own = (sales.get(id) ?? []).map(({ account }) => account);
    const found = rows.get(id);
    const row: Pick<Product, keyof typeof noUnits> = found ?? noUnits;
    const units = own.map((account) => unitsOf(account, id));
    const reserved = sum(units.map((each) => each.reserved));
    const sold = sum(units.map((each) => each.sold));
    const subject: Subject = { kind: 'product', id };

    return {
      subject,
      isStill: isStill({ accounts: own }),
      ...explainedIf(
        isAccountedFor(
          own,
          { of: 'stock', id },
          found && { ...found, pending: found.reserved, done: found.sold, total: found.received },
          { pending: reserved, done: sold },
        ),
        columns(subject, 'units', row, {
          available: row.received - reserved - sold,
          reserved,
          sold,
        }),
      ),
    };
  });
};

/** Each column as the payments make it, and none below zero. With that, the columns add up to what was put in. */
const columns = <Column extends string>(
  subject: Subject,
  unit: string,
  row: Readonly<Record<NoInfer<Column>, number>>,
  expected: Readonly<Record<Column, number>>,
): Disagreement[] => {
  const { count } = comparing(subject, unit);

  return (Object.keys(expected) as Column[]).flatMap((column) => [
    ...count(column, row[column], expected[column]),
    ...(row[column] === expected[column] ? count(column, Math.min(row[column], 0), 0) : []),
  ]);
};
