import type { Balances } from '../../shared/data/balances.ts';
import { compensationTarget } from '../../shared/data/keys.ts';
import { givingBack, type Undo } from '../../shared/data/undo.ts';
import { balanceOf } from '../../shared/domain/compensation.ts';
import type { StepInput, StepOutput } from '../../shared/runtime/compensation-step.ts';

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
