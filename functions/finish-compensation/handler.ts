import type { Context } from 'aws-lambda';
import { finishCompensation } from '../../shared/domain/compensation/compensation.ts';
import { uncompensatedTargets } from '../../shared/domain/compensation/compensation-target.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { Clock } from '../../shared/domain/time.ts';
import type { StepInput, StepOutput } from '../../shared/lambda/step-handler.ts';
import type { CompensationRepository } from '../../shared/persistence/compensation-repository.ts';
import { conflict, retryOnConflict } from '../../shared/persistence/dynamodb/retry-on-conflict.ts';
import type { PaymentRepository } from '../../shared/persistence/payment-repository.ts';

interface Dependencies {
  readonly payments: Pick<PaymentRepository, 'getOrThrow'>;
  readonly compensations: Pick<CompensationRepository, 'listByPayment'>;
  /** Moves the payment; false where another write was first. */
  readonly transition: (
    transition: CompensationTransition,
    context: Context,
  ) => Promise<{ readonly value: boolean }>;
  readonly clock: Clock;
}

export type CompensationTransition = Record<'before' | 'after', Payment>;

/** Of the move of one version, not of an answer: IN_REVIEW is true only until the missing steps are done. A hint has it made anew. */
export const transitionKeyOf = ({ before, after }: CompensationTransition) =>
  JSON.stringify([before.paymentId, before.version, after.status, before.hintedAt]);

/** Looks at the records that the steps left and moves the payment on. It reads anew each time, so it may be run again. */
export const finish =
  ({ payments, compensations, transition, clock }: Dependencies) =>
  ({ paymentId }: StepInput, context: Context): Promise<Required<StepOutput>> => {
    const tryFinish = async () => {
      const before = await payments.getOrThrow(paymentId);
      const missing = uncompensatedTargets(before, await compensations.listByPayment(paymentId));
      const after = finishCompensation(before, missing, clock.now());
      const { status } = after;
      if (after === before) return { outcome: 'unchanged', status, missing };
      const { value: isWritten } = await transition({ before, after }, context);

      return isWritten ? { outcome: 'finished', status, missing } : conflict;
    };

    return retryOnConflict(`Payment ${paymentId}`, tryFinish, { maxAttempts: 4 });
  };
