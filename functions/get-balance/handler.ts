import { homeCurrency } from '../../shared/domain/money.ts';
import { type Answer, type ApiEvent, buyerOf } from '../../shared/http/http-handler.ts';
import { type Balances, balanceNotUsable } from '../../shared/persistence/balance-repository.ts';
import { InvalidItemError } from '../../shared/persistence/external-item-schemas.ts';
import type { BalanceBody } from './operation.ts';

interface Dependencies {
  readonly balances: Pick<Balances, 'of'>;
}

const empty = { currency: homeCurrency, available: 0, held: 0, spent: 0, deposited: 0 };

const refused = (error: unknown): never => {
  throw error instanceof InvalidItemError ? balanceNotUsable(error) : error;
};

/** The buyer's wallet; an empty one where nothing was ever paid in. */
export const getBalance =
  ({ balances }: Dependencies) =>
  async (event: ApiEvent): Promise<Answer> => {
    const balance = (await balances.of(buyerOf(event)).catch(refused)) ?? empty;
    const { currency, available, held, spent, deposited } = balance;

    return {
      status: 200,
      body: { currency, available, held, spent, deposited } satisfies BalanceBody,
    };
  };
