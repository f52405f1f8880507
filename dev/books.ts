import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Balance } from '../shared/domain/money.ts';
import type { Product } from '../shared/domain/order.ts';
import type { SeededTables } from './seed.ts';

/** Who has how much of what. */
export interface Books {
  readonly balances: readonly Balance[];
  readonly products: readonly Product[];
}

/** A payment as the books must know it, and what the PG took for it. */
export interface BookedPayment {
  readonly paymentId: string;
  readonly buyer: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly amount: number;
  /** A refusal reserves nothing. */
  readonly isAccepted: boolean;
  readonly stage: string;
  /** Amounts that the PG captured under the payment's reference. */
  readonly captured: readonly number[];
}

/** The rows of these buyers and products, in this order. */
export const readBooks = async (
  db: DynamoDBDocumentClient,
  tables: SeededTables,
  { buyers, skus }: { readonly buyers: readonly string[]; readonly skus: readonly string[] },
): Promise<Books> => {
  const all = async (table: string, keys: Record<string, string>[]) => {
    const { Responses } = await db.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: keys, ConsistentRead: true } } }),
    );
    return Responses?.[table] ?? [];
  };
  const balances = (await all(
    tables.balances,
    buyers.map((userId) => ({ userId })),
  )) as Balance[];
  const products = (await all(
    tables.products,
    skus.map((sku) => ({ sku })),
  )) as Product[];

  return {
    balances: balances.sort((a, b) => buyers.indexOf(a.userId) - buyers.indexOf(b.userId)),
    products: products.sort((a, b) => skus.indexOf(a.sku) - skus.indexOf(b.sku)),
  };
};

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** What is still promised away, and what is gone for good. */
const isHeld = ({ isAccepted, stage }: BookedPayment) =>
  isAccepted &&
  !['COMPLETED', 'FAILED', 'COMPENSATED', 'LATE_CAPTURED', 'REVERSED'].includes(stage);
const isSpent = ({ stage }: BookedPayment) => stage === 'COMPLETED';

/**
 * Holds the books against the payments made between two readings and against the PG. Gives a
 * sentence for each thing that does not add up; none is the proof.
 */
export const discrepancies = (
  before: Books,
  after: Books,
  payments: readonly BookedPayment[],
): readonly string[] => [
  ...before.balances.flatMap((was) => {
    const own = payments.filter(({ buyer }) => buyer === was.userId);
    const held = was.held + sum(own.filter(isHeld).map(({ amount }) => amount));
    const spent = was.spent + sum(own.filter(isSpent).map(({ amount }) => amount));
    const { deposited } = was;
    const is = after.balances.find(({ userId }) => userId === was.userId);

    return differences(was.userId, is, {
      available: deposited - held - spent,
      held,
      spent,
      deposited,
    });
  }),
  ...before.products.flatMap((was) => {
    const units = (counts: (payment: BookedPayment) => boolean) =>
      sum(
        payments
          .filter(counts)
          .flatMap(({ lines }) => lines.filter(({ sku }) => sku === was.sku))
          .map(({ quantity }) => quantity),
      );
    const reserved = was.reserved + units(isHeld);
    const sold = was.sold + units(isSpent);
    const { received } = was;
    const is = after.products.find(({ sku }) => sku === was.sku);

    return differences(was.sku, is, {
      available: received - reserved - sold,
      reserved,
      sold,
      received,
    });
  }),
  ...payments.flatMap((payment) => {
    const { paymentId, stage, amount, captured } = payment;
    const isRight = isSpent(payment)
      ? captured.length === 1 && captured[0] === amount
      : captured.length === 0 ||
        (isHeld(payment) && captured.length === 1 && captured[0] === amount);

    return isRight
      ? []
      : [`The PG captured [${captured}] for ${paymentId}, which is ${stage} over ${amount}.`];
  }),
];

const differences = <Column extends string>(
  name: string,
  is: Readonly<Record<NoInfer<Column>, number>> | undefined,
  expected: Readonly<Record<Column, number>>,
): string[] =>
  (Object.keys(expected) as Column[])
    .filter((column) => is?.[column] !== expected[column] || expected[column] < 0)
    .map(
      (column) =>
        `${name} has ${is?.[column]} ${column}, the payments make it ${expected[column]}.`,
    );
