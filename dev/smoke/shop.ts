import { DeleteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { compensated, completed, type Scenario } from '../demo/scenarios.ts';
import { putBalance, putCoupon, putProduct, type SeededTables } from '../demo/seed.ts';
import { currency, never } from '../demo/shop.ts';
import { requireThat } from './expectations.ts';

/** Minor units, and units of the product. */
export const deposit = 10_000;
const unitPrice = 2_500;
const balanceAmount = 1_000;
const amountOff = 500;
export const stock = 10;

/** The items of one run: the product and the coupon have its name. */
interface SmokeItems {
  readonly name: string;
  readonly userId: string;
}

/** Puts a product, a balance and a coupon of this run. Throws a CliError if the buyer already has a balance. */
export const addShop = async (
  db: DynamoDBDocumentClient,
  tables: SeededTables,
  { name, userId }: SmokeItems,
): Promise<void> => {
  const isNew = await putBalance(db, tables, { userId, currency, available: deposit });
  requireThat(
    isNew,
    `The buyer ${userId} has a balance: use a buyer of your own for each run, or wait for the other run`,
  );
  await putProduct(db, tables, {
    sku: name,
    name: 'Smoke test',
    unitPrice,
    currency,
    available: stock,
  });
  const coupon = { userId, couponId: name, amountOff, currency, expiresAt: never };
  await putCoupon(db, tables, coupon);
};

/** Deletes the items of this run. An item on which anything is booked stays. */
export const removeShop = async (
  db: DynamoDBDocumentClient,
  tables: SeededTables,
  { name, userId }: SmokeItems,
): Promise<void> => {
  const remove = (
    TableName: string,
    Key: Readonly<Record<string, string>>,
    condition: Readonly<Record<string, number | string>>,
  ) =>
    db.send(
      new DeleteCommand({
        TableName,
        Key,
        ConditionExpression: Object.keys(condition)
          .map((field) => `#${field} = :${field}`)
          .join(' AND '),
        ExpressionAttributeNames: Object.fromEntries(
          Object.keys(condition).map((field) => [`#${field}`, field]),
        ),
        ExpressionAttributeValues: Object.fromEntries(
          Object.entries(condition).map(([field, value]) => [`:${field}`, value]),
        ),
      }),
    );
  await Promise.all([
    remove(tables.balances, { userId }, { held: 0, spent: 0 }),
    remove(tables.products, { sku: name }, { reserved: 0, sold: 0 }),
    remove(tables.coupons, { userId, couponId: name }, { status: 'AVAILABLE' }),
  ]);
};

/** One payment of each ending. */
export const smokeScenarios = (buyer: string, name: string) => {
  const one = { buyer, lines: [{ sku: name, quantity: 1 }], balanceAmount };

  return {
    approved: {
      ...one,
      paymentMethod: 'sim_approve',
      description: 'the gateway approves',
      expected: { answer: 202, ...completed },
    },
    declined: {
      ...one,
      couponId: name,
      paymentMethod: 'sim_decline',
      description: 'the gateway declines, and stock, balance, order and coupon are back',
      expected: { answer: 202, ...compensated, coupon: 'AVAILABLE' },
    },
    refused: {
      ...one,
      lines: [{ sku: name, quantity: 5 }],
      balanceAmount: deposit + 1,
      paymentMethod: 'sim_approve',
      description: 'more than the balance is refused at accept',
      expected: { answer: 402, ...compensated },
    },
    unknown: {
      ...one,
      paymentMethod: 'sim_error_after_effect',
      description: 'the answer of the gateway is lost, and an inquiry finds the charge',
      expected: { answer: 202, ...completed },
    },
    cancelled: {
      ...one,
      description: 'the buyer cancels a payment that waits for its method',
      expected: { answer: 202, ...compensated },
    },
  } as const satisfies Readonly<Record<string, Scenario>>;
};
