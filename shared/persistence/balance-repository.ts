import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { Refusal } from '../domain/errors.ts';
import { type Balance, movable } from '../domain/money.ts';
import type { Payment } from '../domain/payments/payment.ts';
import { atLeast, countable, equals, update, type Write, within } from './dynamodb/expressions.ts';
import { type InvalidItemError, parseBalance } from './external-item-schemas.ts';
import { parseExternal } from './parse-external-item.ts';

type Buyer = Pick<Payment, 'userId' | 'currency'>;
type Column = 'available' | 'held' | 'spent';

const most = Number.MAX_SAFE_INTEGER;

/** The buyers' balances: every write moves a positive whole amount from one column to another, never past zero. */
export const balancesIn = (db: DynamoDBDocumentClient, table: string) => {
  const move = (
    { userId, currency }: Buyer,
    from: Column,
    to: Column,
    amount: number,
    when = [atLeast(from, amount), countable(to)],
  ): Write =>
    update({
      table,
      key: { userId },
      add: { [from]: -movable(amount, `Balance of ${userId}, ${from} to ${to}`), [to]: amount },
      when: [...when, equals('currency', currency)],
    });

  return {
    /** Throws InvalidItemError where the stored item is not valid. */
    async of(userId: string): Promise<Balance | undefined> {
      const { Item } = await db.send(
        new GetCommand({ TableName: table, Key: { userId }, ConsistentRead: true }),
      );

      return parseExternal(parseBalance, Item);
    },

    /** Nothing is held of a balance that has a column out of range: what is held has to be spent or given back later. */
    hold: (buyer: Buyer, amount: number) =>
      move(buyer, 'available', 'held', amount, [
        within('available', amount, most),
        within('held', 0, most - amount),
        within('spent', 0, most - amount),
      ]),
    spend: (buyer: Buyer, amount: number) => move(buyer, 'held', 'spent', amount),
    giveBack: (buyer: Buyer, amount: number) => move(buyer, 'held', 'available', amount),
    refund: (buyer: Buyer, amount: number) => move(buyer, 'spent', 'available', amount),
  };
};

export type Balances = ReturnType<typeof balancesIn>;

/** The refusal of whatever needs a balance that is not valid as stored. */
export const balanceNotUsable = ({ fields }: InvalidItemError): Refusal =>
  new Refusal({
    code: 'balance-not-usable',
    detail: `The balance is not valid as stored: ${fields.join(', ')}.`,
  });
