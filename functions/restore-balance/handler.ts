import {
  givingBack,
  type Undo,
} from '../../shared/application/compensation/compensating-transaction.ts';
import { balanceOf } from '../../shared/domain/compensation/compensation.ts';
import { compensationTarget } from '../../shared/domain/ids.ts';
import type { StepInput, StepOutput } from '../../shared/lambda/step-handler.ts';
import type { Balances } from '../../shared/persistence/balance-repository.ts';

interface Dependencies {
  readonly balances: Pick<Balances, 'giveBack'>;
  readonly undo: Undo;
}

/** Gives back the money that a failed payment held. */
export const restoreBalance =
  ({ balances, undo }: Dependencies) =>
  async ({ paymentId }: StepInput): Promise<StepOutput> => ({
    outcome: await undo(paymentId, (payment) => {
      const target = compensationTarget.balance(payment.userId);
      const amount = balanceOf(payment);

      return givingBack(target, amount, () => balances.giveBack(payment, amount));
    }),
  });
