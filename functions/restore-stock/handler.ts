import {
  givingBack,
  type Undo,
  type Undone,
} from '../../shared/application/compensation/compensating-transaction.ts';
import { stockOf } from '../../shared/domain/compensation/compensation.ts';
import { compensationTarget } from '../../shared/domain/ids.ts';
import type { StepInput, StepOutput } from '../../shared/lambda/step-handler.ts';
import type { Payments } from '../../shared/persistence/payment-repository.ts';
import type { Products } from '../../shared/persistence/product-repository.ts';

interface Dependencies {
  readonly payments: Pick<Payments, 'existing'>;
  readonly products: Pick<Products, 'restore'>;
  readonly undo: Undo;
}

/**
 * Gives back the stock that a failed payment reserved, each sku in a transaction of its own: one that fails does not stop the others.
 * One after another: each checks the payment, so that side by side they would conflict.
 */
export const restoreStock =
  ({ payments, products, undo }: Dependencies) =>
  async ({ paymentId }: StepInput): Promise<StepOutput> => {
    const outcomes = new Set<Undone>();
    const faults: unknown[] = [];
    for (const line of stockOf(await payments.existing(paymentId))) {
      const target = compensationTarget.stock(line.sku);
      const plan = () => givingBack(target, line.quantity, () => products.restore(line));
      await undo(paymentId, plan).then(
        (outcome) => outcomes.add(outcome),
        (fault) => faults.push(fault),
      );
    }
    if (faults.length > 0) throw new AggregateError(faults, faults.map(String).join(' '));

    return { outcome: [...outcomes].join(', ') };
  };
