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
  /** Writes the transition; false on a version conflict. */
  readonly transition: (
    transition: CompensationTransition,
    context: Context,
  ) => Promise<{ readonly value: boolean }>;
  readonly clock: Clock;
}

export type CompensationTransition = Record<'before' | 'after', Payment>;

/**
 * Identifies the transition of one version. IN_REVIEW holds only until the missing steps are done, so the
 * target status is part of the key, and so is a hint.
 */
export const transitionKeyOf = ({ before, after }: CompensationTransition) =>
  JSON.stringify([before.paymentId, before.version, after.status, before.hintedAt]);

/** Reads the payment; true if its next version is this transition, written by another run of this function. */
export const findTransition =
  ({ payments }: Pick<Dependencies, 'payments'>) =>
  async ({ before, after }: CompensationTransition): Promise<true | undefined> => {
    const { history } = await payments.getOrThrow(before.paymentId);
    const { by, to } = history.find(({ version }) => version === after.version) ?? {};

    return by === 'finish-compensation' && to === after.status ? true : undefined;
  };

/**
 * Reads the records of the compensation steps and moves the payment to its next status. Reads them again each
 * time, so an execution can be redriven.
 */
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
