import {
  type Compensate,
  planBalance,
} from '../../shared/application/compensation/compensating-transaction.ts';
import type { StepInput, StepOutput } from '../../shared/lambda/step-handler.ts';
import type { BalanceRepository } from '../../shared/persistence/balance-repository.ts';

interface Dependencies {
  readonly balances: Pick<BalanceRepository, 'release'>;
  readonly compensate: Compensate;
}

/** Releases the balance that a failed payment held. */
export const restoreBalance =
  ({ balances, compensate }: Dependencies) =>
  async ({ paymentId }: StepInput): Promise<StepOutput> => ({
    outcome: await compensate(paymentId, (payment) => planBalance(balances, payment)),
  });
