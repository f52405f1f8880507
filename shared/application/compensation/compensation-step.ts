import { requireEnv } from '../../config/env.ts';
import { systemClock } from '../../config/system-clock.ts';
import { once } from '../../lambda/idempotency.ts';
import { compensationStep, type StepInput, type StepOutput } from '../../lambda/step-handler.ts';
import { compensationsIn } from '../../persistence/compensation-repository.ts';
import { paymentsIn } from '../../persistence/payment-repository.ts';
import { storesFromEnv } from '../../persistence/stores-from-env.ts';
import { type Undo, undoIn } from './compensating-transaction.ts';

interface Wiring {
  readonly idempotencyTable: string;
  readonly undo: Undo;
}

const wiringFromEnv = (): Wiring => ({
  idempotencyTable: requireEnv('IDEMPOTENCY_TABLE').IDEMPOTENCY_TABLE,
  undo: undoIn({
    ...storesFromEnv({ payments: paymentsIn, compensations: compensationsIn }),
    clock: systemClock,
  }),
});

/**
 * A step that undoes one kind of target, once for each payment. Only a step that undid all of its targets is kept as done; one that
 * throws runs again, and then the compensation records stop what was done before.
 */
export const undoStep = (
  name: string,
  step: (undo: Undo) => (input: StepInput) => Promise<StepOutput>,
  { idempotencyTable: table, undo }: Wiring = wiringFromEnv(),
) => {
  const stepOnce = once(
    { table, name, keyOf: ({ paymentId }: StepInput) => paymentId },
    step(undo),
  );

  return compensationStep(async (input, context) => (await stepOnce(input, context)).value);
};
