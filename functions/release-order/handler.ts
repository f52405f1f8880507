import type { Compensate } from '../../shared/application/compensation/compensating-transaction.ts';
import { planRelease, type ReleaseStores } from '../../shared/application/orders/release-plan.ts';
import type { StepInput, StepOutput } from '../../shared/lambda/step-handler.ts';

interface Dependencies extends ReleaseStores {
  readonly compensate: Compensate;
}

/**
 * Cancels the order of a failed payment and restores its coupon in one transaction. Does nothing if another
 * payment holds the order.
 */
export const releaseOrder =
  ({ compensate, ...stores }: Dependencies) =>
  async ({ paymentId }: StepInput): Promise<StepOutput> => ({
    outcome: await compensate(paymentId, (payment, at) => planRelease(stores, payment, at)),
  });
