import type { Payment } from '../../shared/domain/payment.ts';
import { noted } from '../../shared/pg/observed-gateway.ts';
import type { ChargeOutcome } from '../../shared/pg/port.ts';
import { verdictOf } from '../../shared/pg/verdict.ts';
import { claim } from './claim.ts';
import type { Dependencies, Tried } from './dependencies.ts';
import { dueIn } from './due.ts';

/** One try of a charge: the claim, an outcome, and what that means for the payment. */
export const tryCharge = async (
  deps: Dependencies,
  payment: Payment,
  outcomeOf: (deps: Dependencies, claimed: Payment) => Promise<ChargeOutcome>,
): Promise<Tried> => {
  const claimed = await claim(deps, payment);
  const { gateway, asked } = noted(deps.gateway);
  const verdict = verdictOf(await outcomeOf({ ...deps, gateway }, claimed), claimed.attempt);
  const after = await deps.record(claimed, { ...dueIn(deps, claimed, verdict), asked });

  return { after, verdict };
};

/** Provably nothing of it has reached the PG. */
export const isUnsent = ({ verdict }: Tried): boolean => verdict.transition === 'unsent';
