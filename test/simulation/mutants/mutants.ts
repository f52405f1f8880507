import type { Mutant } from './mutant.ts';
import { buyerStepMutants } from './tables/buyer-steps.ts';
import { chargingMutants } from './tables/charging.ts';
import { compositionMutants } from './tables/compositions.ts';
import { deploymentMutants } from './tables/deployment.ts';
import { eventMutants } from './tables/events.ts';
import { ledgerMutants } from './tables/ledger.ts';
import { operationMutants } from './tables/operations.ts';
import { refundMutants } from './tables/refunds.ts';
import { timingMutants } from './tables/timings.ts';

/** Every planted fault: those of modules first, then those of the wiring. */
export const mutants: readonly Mutant[] = [
  ...chargingMutants,
  ...buyerStepMutants,
  ...ledgerMutants,
  ...refundMutants,
  ...eventMutants,
  ...operationMutants,
  ...compositionMutants,
  ...timingMutants,
  ...deploymentMutants,
];
