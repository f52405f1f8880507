import type { Clock } from '../../shared/domain/clock.ts';
import { ReadLimitExceededError } from '../../shared/persistence/reconciliation-reader.ts';

/** What one call may read, and for how long. */
export interface ReadBudget {
  readonly maxItems: number;
  readonly maxDurationMs: number;
}

/** Takes from the budget of a call that began at a time; throws TooMuch where it is used up. */
export const createReadBudget = (
  { maxItems, maxDurationMs }: ReadBudget,
  startedAt: Date,
  clock: Clock,
) => {
  let remaining = maxItems;

  return (items: number): void => {
    remaining -= items;
    if (remaining < 0)
      throw new ReadLimitExceededError(`There are more than ${maxItems} items to read.`);
    if (clock.now().getTime() - startedAt.getTime() > maxDurationMs) {
      throw new ReadLimitExceededError(`It takes longer than ${maxDurationMs} ms to read them.`);
    }
  };
};
