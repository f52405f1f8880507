import { prove } from '../../shared/application/reconciliation/reconcile.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import { type Answer, type ApiEvent, operatorOf } from '../../shared/http/http-handler.ts';
import { type Ledger, TooMuch } from '../../shared/persistence/reconciliation-reader.ts';
import { ledgerBody, tooMuchBody } from './body.ts';
import { type Budget, spenderOf } from './read-budget.ts';

interface Dependencies {
  /** The ledger, whose every page is paid for with `spend`. */
  readonly ledger: (spend: (items: number) => void) => Ledger;
  readonly budget: Budget;
  readonly clock: Clock;
}

/** Proves the books of everybody, as far as one call can read them. */
export const proveLedger =
  ({ ledger, budget, clock }: Dependencies) =>
  async (event: ApiEvent): Promise<Answer> => {
    operatorOf(event);
    const at = clock.now();

    try {
      const proof = await prove(ledger(spenderOf(budget, at, clock)));

      return { status: 200, body: ledgerBody(proof, at) };
    } catch (error) {
      if (error instanceof TooMuch) return { status: 200, body: tooMuchBody(at) };
      throw error;
    }
  };
