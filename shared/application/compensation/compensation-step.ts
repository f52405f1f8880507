import { type IdempotencyStore, idempotent } from '../../lambda/idempotency.ts';
import { type StepInput, type StepOutput, stepHandler } from '../../lambda/step-handler.ts';

interface CompensationStepOptions extends IdempotencyStore {
  readonly name: string;
}

/**
 * A step that restores one kind of target, once for each payment. Only a step that has handled all of its targets is stored as done. One
 * that throws runs again, and the compensation records stop what was done before.
 */
export const createCompensationStep = (
  options: CompensationStepOptions,
  step: (input: StepInput) => Promise<StepOutput>,
) => {
  const keyOf = ({ paymentId }: StepInput) => paymentId;
  const idempotentStep = idempotent({ ...options, keyOf }, step);

  return stepHandler(async (input, context) => (await idempotentStep(input, context)).value);
};
