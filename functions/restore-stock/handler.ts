import {
  type Compensate,
  type CompensationResult,
  planStock,
} from '../../shared/application/compensation/compensating-transaction.ts';
import { reservedLines } from '../../shared/domain/compensation/compensation.ts';
import type { StepInput, StepOutput } from '../../shared/lambda/step-handler.ts';
import type { PaymentRepository } from '../../shared/persistence/payment-repository.ts';
import type { ProductRepository } from '../../shared/persistence/product-repository.ts';

interface Dependencies {
  readonly payments: Pick<PaymentRepository, 'getOrThrow'>;
  readonly products: Pick<ProductRepository, 'restore'>;
  readonly compensate: Compensate;
}

/**
 * Restores the stock that a failed payment reserved, one transaction per SKU: one that fails does not stop
 * the others. Runs them in sequence, because each checks the payment and concurrent ones would conflict.
 */
export const restoreStock =
  ({ payments, products, compensate }: Dependencies) =>
  async ({ paymentId }: StepInput): Promise<StepOutput> => {
    const outcomes = new Set<CompensationResult>();
    const faults: unknown[] = [];
    for (const line of reservedLines(await payments.getOrThrow(paymentId))) {
      await compensate(paymentId, () => planStock(products, line)).then(
        (outcome) => outcomes.add(outcome),
        (fault) => faults.push(fault),
      );
    }
    if (faults.length > 0) throw new AggregateError(faults, faults.map(String).join(' '));

    return { outcome: [...outcomes].join(', ') };
  };
