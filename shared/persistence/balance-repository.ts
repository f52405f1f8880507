import type { Database } from '../config/platform.ts';
import { RejectionError } from '../domain/errors.ts';
import { type Balance, requirePositiveAmount } from '../domain/money.ts';
import type { Payment } from '../domain/payments/payment.ts';
import {
  between,
  equals,
  greaterOrEqual,
  notExistsOrNumber,
  update,
  type Write,
} from './dynamodb/expressions.ts';
import { getItem } from './dynamodb/get-item.ts';
import { type InvalidItemError, parseBalance } from './external-item-schemas.ts';
import { parseExternalItem } from './parse-external-item.ts';

type Buyer = Pick<Payment, 'userId' | 'currency'>;
type Column = 'available' | 'held' | 'spent';

const maxAmount = Number.MAX_SAFE_INTEGER;

/**
 * The buyers' balances. Every write moves a positive integer amount from one column to another; no column
 * becomes negative.
 */
export const createBalanceRepository = (db: Database, table: string) => {
  const transfer = (
    { userId, currency }: Buyer,
    from: Column,
    to: Column,
    amount: number,
    conditions = [greaterOrEqual(from, amount), notExistsOrNumber(to)],
  ): Write =>
    update({
      table,
      key: { userId },
      add: {
        [from]: -requirePositiveAmount(amount, `Balance of ${userId}, ${from} to ${to}`),
        [to]: amount,
      },
      conditions: [...conditions, equals('currency', currency)],
    });

  return {
    /** Throws InvalidItemError if the stored item is not valid. */
    async find(userId: string): Promise<Balance | undefined> {
      return parseExternalItem(parseBalance, await getItem(db, table, { userId }));
    },

    /** Fails if a column is out of range, because a held amount must be captured or released later. */
    hold: (buyer: Buyer, amount: number) =>
      transfer(buyer, 'available', 'held', amount, [
        between('available', amount, maxAmount),
        between('held', 0, maxAmount - amount),
        between('spent', 0, maxAmount - amount),
      ]),
    capture: (buyer: Buyer, amount: number) => transfer(buyer, 'held', 'spent', amount),
    release: (buyer: Buyer, amount: number) => transfer(buyer, 'held', 'available', amount),
    refund: (buyer: Buyer, amount: number) => transfer(buyer, 'spent', 'available', amount),
  };
};

export type BalanceRepository = ReturnType<typeof createBalanceRepository>;

/** The rejection of a request that needs a balance whose stored item is not valid. */
export const balanceNotUsable = ({ fields }: InvalidItemError): RejectionError =>
  new RejectionError({
    code: 'balance-not-usable',
    detail: `The balance is not valid as stored: ${fields.join(', ')}.`,
  });
