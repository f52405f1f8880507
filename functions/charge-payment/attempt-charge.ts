import { verdictOf } from '../../shared/application/payments/decide-transition.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { ChargeOutcome } from '../../shared/gateway/payment-gateway.ts';
import { noted } from '../../shared/gateway/recording-gateway.ts';
import { claim } from './claim.ts';
import type { Dependencies, Tried } from './dependencies.ts';
import { dueIn } from './next-due.ts';

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
