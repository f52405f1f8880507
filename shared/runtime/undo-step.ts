import { compensationsIn } from '../data/compensations.ts';
import { paymentsIn } from '../data/payments.ts';
import { type Undo, undoIn } from '../data/undo.ts';
import { systemClock } from './clock.ts';
import { compensationStep, type StepInput, type StepOutput } from './compensation-step.ts';
import { requireEnv } from './env.ts';
import { once } from './idempotency.ts';
import { storesFromEnv } from './stores.ts';

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
