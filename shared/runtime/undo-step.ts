import { compensationsIn } from '../data/compensations.ts';
import { paymentsIn } from '../data/payments.ts';
import { type Undo, undoIn } from '../data/undo.ts';
import { systemClock as clock } from './clock.ts';
import { compensationStep, type StepInput, type StepOutput } from './compensation-step.ts';
import { requireEnv } from './env.ts';
import { once } from './idempotency.ts';
import { storesFromEnv } from './stores.ts';

/**
 * A step that undoes one kind of target, once for each payment. Only a step that undid all of its targets is kept as done; one that
 * throws runs again, and then the compensation records stop what was done before.
 */
export const undoStep = (
  name: string,
  step: (undo: Undo) => (input: StepInput) => Promise<StepOutput>,
) => {
  const env = requireEnv('IDEMPOTENCY_TABLE');
  const stores = storesFromEnv({ payments: paymentsIn, compensations: compensationsIn });
  const stepOnce = once(
    { table: env.IDEMPOTENCY_TABLE, name, keyOf: ({ paymentId }: StepInput) => paymentId },
    step(undoIn({ ...stores, clock })),
  );

  return compensationStep(async (input, context) => (await stepOnce(input, context)).value);
};
