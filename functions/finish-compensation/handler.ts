import type { Context } from 'aws-lambda';
import type { Clock } from '../../shared/domain/clock.ts';
import { finishCompensation } from '../../shared/domain/compensation/compensation.ts';
import { Outage } from '../../shared/domain/errors.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { StepInput, StepOutput } from '../../shared/lambda/step-handler.ts';
import { type Compensations, missingOf } from '../../shared/persistence/compensation-repository.ts';
import type { Payments } from '../../shared/persistence/payment-repository.ts';

interface Dependencies {
  readonly payments: Pick<Payments, 'existing'>;
  readonly compensations: Pick<Compensations, 'of'>;
  /** Moves the payment; false where another write was first. */
  readonly move: (move: Move, context: Context) => Promise<{ readonly value: boolean }>;
  readonly clock: Clock;
}

export type Move = Record<'before' | 'after', Payment>;

/** Of the move of one version, not of an answer: IN_REVIEW is true only until the missing steps are done. A hint has it made anew. */
export const keyOf = ({ before, after }: Move) =>
  JSON.stringify([before.paymentId, before.version, after.status, before.hintedAt]);

/** Looks at the records that the steps left and moves the payment on. It reads anew each time, so it may be run again. */
export const finish =
  ({ payments, compensations, move, clock }: Dependencies) =>
  async ({ paymentId }: StepInput, context: Context): Promise<Required<StepOutput>> => {
    for (let tried = 1; tried <= 4; tried += 1) {
      const before = await payments.existing(paymentId);
      const missing = missingOf(before, await compensations.of(paymentId));
      const after = finishCompensation(before, missing, clock.now());
      const { status } = after;
      if (after === before) return { outcome: 'unchanged', status, missing };
      const { value: moved } = await move({ before, after }, context);
      if (moved) return { outcome: 'finished', status, missing };
    }
    throw new Outage(`Payment ${paymentId} kept moving.`);
  };
