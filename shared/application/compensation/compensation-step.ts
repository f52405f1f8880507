import { type IdempotencyStore, idempotent } from '../../lambda/idempotency.ts';
import { type StepInput, type StepOutput, stepHandler } from '../../lambda/step-handler.ts';

interface CompensationStepOptions extends IdempotencyStore {
  readonly name: string;
}

/**
 * Creates the handler of a step that compensates one kind of target, idempotent for each payment. A step that
 * throws runs again: the compensation records prevent that a target is restored twice.
 */
export const createCompensationStep = (
  options: CompensationStepOptions,
  step: (input: StepInput) => Promise<StepOutput>,
) => {
  const keyOf = ({ paymentId }: StepInput) => paymentId;
  const idempotentStep = idempotent({ ...options, keyOf }, step);

  return stepHandler(async (input, context) => (await idempotentStep(input, context)).value);
};
