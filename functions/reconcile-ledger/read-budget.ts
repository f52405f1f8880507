import type { Clock } from '../../shared/domain/clock.ts';
import { TooMuch } from '../../shared/persistence/reconciliation-reader.ts';

/** What one call may read, and for how long. */
export interface Budget {
  readonly items: number;
  readonly withinMs: number;
}

/** Takes from the budget of a call that began at a time; throws TooMuch where it is used up. */
export const spenderOf = ({ items, withinMs }: Budget, began: Date, clock: Clock) => {
  let left = items;

  return (spent: number): void => {
    left -= spent;
    if (left < 0) throw new TooMuch(`There are more than ${items} items to read.`);
    if (clock.now().getTime() - began.getTime() > withinMs) {
      throw new TooMuch(`It takes longer than ${withinMs} ms to read them.`);
    }
  };
};
