import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Balance } from '../domain/money.ts';
import type { Payment } from '../domain/payment.ts';
import { atLeast, countable, equals, update, type Write } from './expression.ts';

type Buyer = Pick<Payment, 'userId' | 'currency'>;

/** The buyers' balances: every write moves money from one column to another, never past zero. */
export const balancesIn = (db: DynamoDBDocumentClient, table: string) => {
  const move = (
    { userId, currency }: Buyer,
    from: 'available' | 'held' | 'spent',
    to: 'available' | 'held' | 'spent',
    amount: number,
  ): Write =>
    update({
      table,
      key: { userId },
      add: { [from]: -amount, [to]: amount },
      when: [atLeast(from, amount), equals('currency', currency), countable(to)],
    });

  return {
    async of(userId: string): Promise<Balance | undefined> {
      const { Item } = await db.send(
        new GetCommand({ TableName: table, Key: { userId }, ConsistentRead: true }),
      );

      return Item as Balance | undefined;
    },

    hold: (buyer: Buyer, amount: number) => move(buyer, 'available', 'held', amount),
    spend: (buyer: Buyer, amount: number) => move(buyer, 'held', 'spent', amount),
    giveBack: (buyer: Buyer, amount: number) => move(buyer, 'held', 'available', amount),
    refund: (buyer: Buyer, amount: number) => move(buyer, 'spent', 'available', amount),
  };
};

export type Balances = ReturnType<typeof balancesIn>;
