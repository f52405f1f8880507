import { reconcile } from '../../shared/application/reconciliation/reconcile.ts';
import type { Clock } from '../../shared/domain/time.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import { type ApiEvent, operatorOf } from '../../shared/http/request.ts';
import {
  ReadLimitExceededError,
  type ReconciliationReader,
} from '../../shared/persistence/reconciliation-reader.ts';
import { limitExceededBody, reconciliationBody } from './body.ts';

interface Dependencies {
  /** Creates a reader that reports each page to `spend`. */
  readonly createReader: (spend: (items: number) => void) => ReconciliationReader;
  readonly budget: ReadBudget;
  readonly clock: Clock;
}

/** Reconciles the ledger, as far as one call can read them. */
export const reconcileLedger =
  ({ createReader, budget, clock }: Dependencies) =>
  async (event: ApiEvent): Promise<HttpResponse> => {
    operatorOf(event);
    const at = clock.now();

    try {
      const report = await reconcile(createReader(createReadBudget(budget, at, clock)));

      return { status: 200, body: reconciliationBody(report, at) };
    } catch (error) {
      if (error instanceof ReadLimitExceededError)
        return { status: 200, body: limitExceededBody(at) };
      throw error;
    }
  };

/** How many items one call may read, and for how long. */
interface ReadBudget {
  readonly maxItems: number;
  readonly maxDurationMs: number;
}

/**
 * Returns a function that counts items against the budget. It throws ReadLimitExceededError when the budget
 * is exceeded.
 */
const createReadBudget = (
  { maxItems, maxDurationMs }: ReadBudget,
  startedAt: Date,
  clock: Clock,
) => {
  let remaining = maxItems;

  return (items: number): void => {
    remaining -= items;
    if (remaining < 0)
      throw new ReadLimitExceededError(`Read limit exceeded: more than ${maxItems} items.`);
    if (clock.now().getTime() - startedAt.getTime() > maxDurationMs) {
      throw new ReadLimitExceededError(`Read limit exceeded: longer than ${maxDurationMs} ms.`);
    }
  };
};
