import type { Balance } from '../money.ts';
import type { Product } from '../orders/order.ts';
import { shardKeyOf, stockPartsOf } from '../orders/stock-shards.ts';
import { balanceRefundedOf } from '../payments/tenders.ts';
import {
  type Discrepancy,
  discrepanciesFor,
  type Subject,
  type SubjectResult,
  splitExplained,
  sum,
} from './discrepancy.ts';
import type { StockedItem } from './records.ts';
import { isExplainedBySkips } from './skipped-bookings.ts';
import { type PaymentAccount, restoredAmount, type Snapshot } from './snapshot.ts';

/** Minor units that the payment holds, and that it has spent. */
const expectedMoney = (account: PaymentAccount) => {
  const { payment, fundsState } = account;
  const held = payment.reservation?.balance ?? 0;
  if (fundsState === 'captured') return { held: 0, spent: held - balanceRefundedOf(payment) };
  const isRestored =
    fundsState === 'releasable' && restoredAmount(account, 'balance', payment.userId) !== undefined;

  return { held: isRestored ? 0 : held, spent: 0 };
};

/** The stock items that the payment reserved units of. */
const partsOf = ({ payment }: PaymentAccount) =>
  (payment.reservation?.lines ?? []).flatMap((line) =>
    stockPartsOf(line).map((part) => ({ ...part, isShard: line.parts !== undefined })),
  );

const expectedUnits = (account: PaymentAccount, sku: string) => {
  const { fundsState, refunds } = account;
  const part = partsOf(account).find((each) => each.sku === sku);
  const reserved = part?.quantity ?? 0;
  if (fundsState === 'captured') {
    const restocked = part?.isShard ? (part.restocked ?? 0) : restockedUnits(refunds, sku);

    return { reserved: 0, sold: reserved - restocked };
  }
  const isRestored =
    fundsState === 'releasable' && restoredAmount(account, 'stock', sku) !== undefined;

  return { reserved: isRestored ? 0 : reserved, sold: 0 };
};

const restockedUnits = (refunds: PaymentAccount['refunds'], sku: string) =>
  sum(
    refunds
      .filter(({ status }) => status === 'SUCCEEDED')
      .flatMap(({ lines }) => lines)
      .filter((line) => line.restock && line.sku === sku)
      .map(({ quantity }) => quantity),
  );

const noMoney = { currency: '', available: 0, held: 0, spent: 0, deposited: 0 };
const noUnits = { available: 0, reserved: 0, sold: 0, received: 0 };

/** Compares every buyer's balance with the buyer's payments. */
export const compareBalances = ({ balances, accounts, isStable }: Snapshot): SubjectResult[] => {
  const rows = new Map(balances.map((balance) => [balance.userId, balance]));
  const accountsByUser = Map.groupBy(accounts, ({ payment }) => payment.userId);

  return [...new Set([...rows.keys(), ...accountsByUser.keys()])].map((id) => {
    const accountsOfUser = accountsByUser.get(id) ?? [];
    const found = rows.get(id);
    const row: Omit<Balance, 'userId'> = found ?? noMoney;
    const money = accountsOfUser.map(expectedMoney);
    const held = sum(money.map((each) => each.held));
    const spent = sum(money.map((each) => each.spent));
    const subject: Subject = { kind: 'buyer', id };
    const currency = row.currency || (accountsOfUser[0]?.payment.currency ?? '');

    return {
      subject,
      isStable: isStable({ accounts: accountsOfUser }),
      ...splitExplained(
        isExplainedBySkips(
          accountsOfUser,
          { of: 'balance', id },
          found && { ...found, pending: found.held, done: found.spent, total: found.deposited },
          { pending: held, done: spent },
        ),
        compareColumns(subject, currency, row, {
          available: row.deposited - held - spent,
          held,
          spent,
        }),
      ),
    };
  });
};

/** Whether its product does not know the shard, so that accept does not find its units. */
const isUnknownShard = (
  { sku, shardOf }: StockedItem,
  products: ReadonlyMap<string, StockedItem>,
): boolean => {
  if (shardOf === undefined) return false;
  const { stockShardsCreated = 1 } = products.get(shardOf) ?? {};
  const known = Array.from({ length: stockShardsCreated }, (_, shard) =>
    shardKeyOf(shardOf, shard),
  );

  return !known.includes(sku);
};

/**
 * Compares every product's stock with the payments that reserved it, shard by shard: each remembers what it sold, so
 * the sums agree if the shards do.
 */
export const compareProducts = ({ products, accounts, isStable }: Snapshot): SubjectResult[] => {
  const rows = new Map(products.map((product) => [product.sku, product]));
  const sales = Map.groupBy(
    accounts.flatMap((account) => partsOf(account).map(({ sku }) => ({ sku, account }))),
    ({ sku }) => sku,
  );

  return [...new Set([...rows.keys(), ...sales.keys()])].map((id) => {
    const accountsOfProduct = (sales.get(id) ?? []).map(({ account }) => account);
    const found = rows.get(id);
    const row: Pick<Product, keyof typeof noUnits> = found ?? noUnits;
    const units = accountsOfProduct.map((account) => expectedUnits(account, id));
    const reserved = sum(units.map((each) => each.reserved));
    const sold = sum(units.map((each) => each.sold));
    const subject: Subject = { kind: 'product', id };

    return {
      subject,
      isStable: isStable({ accounts: accountsOfProduct }),
      ...splitExplained(
        isExplainedBySkips(
          accountsOfProduct,
          { of: 'stock', id },
          found && { ...found, pending: found.reserved, done: found.sold, total: found.received },
          { pending: reserved, done: sold },
        ),
        [
          ...compareColumns(subject, 'units', row, {
            available: row.received - reserved - sold,
            reserved,
            sold,
          }),
          ...(found && isUnknownShard(found, rows)
            ? discrepanciesFor(subject, 'units').count('unknown shard', found.available, 0)
            : []),
        ],
      ),
    };
  });
};

/** Compares each column with its expected value, and rejects negative ones. */
const compareColumns = <Column extends string>(
  subject: Subject,
  unit: string,
  row: Readonly<Record<NoInfer<Column>, number>>,
  expected: Readonly<Record<Column, number>>,
): Discrepancy[] => {
  const { count } = discrepanciesFor(subject, unit);

  return (Object.keys(expected) as Column[]).flatMap((column) => [
    ...count(column, row[column], expected[column]),
    ...(row[column] === expected[column] ? count(column, Math.min(row[column], 0), 0) : []),
  ]);
};
