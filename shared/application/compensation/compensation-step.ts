import type { Payment } from '../../domain/payments/payment.ts';
import { idempotentByMarker } from '../../lambda/marker-idempotency.ts';
import { type StepInput, type StepOutput, stepHandler } from '../../lambda/step-handler.ts';
import type { CompensationRepository } from '../../persistence/compensation-repository.ts';
import type { PaymentRepository } from '../../persistence/payment-repository.ts';

interface CompensationStepOptions {
  readonly name: string;
  readonly payments: Pick<PaymentRepository, 'getOrThrow'>;
  readonly compensations: Pick<CompensationRepository, 'listByPayment'>;
  /** The targets of the step, in the order of their outcomes. */
  readonly targetsOf: (payment: Payment) => readonly string[];
}

/**
 * Creates the handler of a step that compensates one kind of target, idempotent for each payment. A step that
 * throws runs again: the compensation records prevent that a target is restored twice, and a step that finds
 * all of them is answered from them.
 */
export const createCompensationStep = (
  { name, ...options }: CompensationStepOptions,
  step: (input: StepInput) => Promise<StepOutput>,
) => {
  const idempotentStep = idempotentByMarker(
    {
      name,
      keyOf: ({ paymentId }: StepInput) => paymentId,
      hasFailedCondition: ({ outcome }: StepOutput) => outcome === 'already-recorded',
      findResult: findCompensation(options),
    },
    step,
  );

  return stepHandler(async (input, context) => (await idempotentStep(input, context)).value);
};

/** Reads the records of a step's targets, and returns the output of the run that wrote the last of them. */
export const findCompensation =
  ({ payments, compensations, targetsOf }: Omit<CompensationStepOptions, 'name'>) =>
  async ({ paymentId }: StepInput): Promise<StepOutput | undefined> => {
    const targets = targetsOf(await payments.getOrThrow(paymentId));
    const records = await compensations.listByPayment(paymentId);
    const outcomes = targets.map(
      (target) => records.find((record) => record.target === target)?.outcome,
    );

    return outcomes.includes(undefined)
      ? undefined
      : { outcome: [...new Set(outcomes)].join(', ') };
  };
