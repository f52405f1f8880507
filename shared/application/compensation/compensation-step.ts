import { requireEnv } from '../../config/env.ts';
import { systemClock } from '../../config/system-clock.ts';
import { idempotent } from '../../lambda/idempotency.ts';
import { type StepInput, type StepOutput, stepHandler } from '../../lambda/step-handler.ts';
import { createCompensationRepository } from '../../persistence/compensation-repository.ts';
import { createPaymentRepository } from '../../persistence/payment-repository.ts';
import { storesFromEnv } from '../../persistence/stores-from-env.ts';
import { type Compensate, createCompensate } from './compensating-transaction.ts';

interface Dependencies {
  readonly idempotencyTable: string;
  readonly compensate: Compensate;
}

const dependenciesFromEnv = (): Dependencies => ({
  idempotencyTable: requireEnv('IDEMPOTENCY_TABLE').IDEMPOTENCY_TABLE,
  compensate: createCompensate({
    ...storesFromEnv({
      payments: createPaymentRepository,
      compensations: createCompensationRepository,
    }),
    clock: systemClock,
  }),
});

/**
 * A step that undoes one kind of target, once for each payment. Only a step that undid all of its targets is kept as done; one that
 * throws runs again, and then the compensation records stop what was done before.
 */
export const createCompensationStep = (
  name: string,
  step: (compensate: Compensate) => (input: StepInput) => Promise<StepOutput>,
  { idempotencyTable: table, compensate }: Dependencies = dependenciesFromEnv(),
) => {
  const idempotentStep = idempotent(
    { table, name, keyOf: ({ paymentId }: StepInput) => paymentId },
    step(compensate),
  );

  return stepHandler(async (input, context) => (await idempotentStep(input, context)).value);
};
