import { defaultCurrency } from '../../shared/domain/money.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import { type ApiEvent, buyerOf } from '../../shared/http/request.ts';
import {
  type BalanceRepository,
  balanceNotUsable,
} from '../../shared/persistence/balance-repository.ts';
import { InvalidItemError } from '../../shared/persistence/external-item-schemas.ts';
import type { BalanceBody } from './operation.ts';

interface Dependencies {
  readonly balances: Pick<BalanceRepository, 'find'>;
}

const emptyBalance = { currency: defaultCurrency, available: 0, held: 0, spent: 0, deposited: 0 };

const rethrowAsRejection = (error: unknown): never => {
  throw error instanceof InvalidItemError ? balanceNotUsable(error) : error;
};

/** Returns the buyer's balance, or an empty one before the first deposit. */
export const getBalance =
  ({ balances }: Dependencies) =>
  async (event: ApiEvent): Promise<HttpResponse> => {
    const balance = (await balances.find(buyerOf(event)).catch(rethrowAsRejection)) ?? emptyBalance;
    const { currency, available, held, spent, deposited } = balance;

    return {
      status: 200,
      body: { currency, available, held, spent, deposited } satisfies BalanceBody,
    };
  };
