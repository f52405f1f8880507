import { decideTransition } from '../../shared/application/payments/decide-transition.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { ChargeOutcome } from '../../shared/gateway/payment-gateway.ts';
import { withCallLog } from '../../shared/gateway/recording-gateway.ts';
import { claimPayment } from './claim.ts';
import type { ChargeAttempt, ChargeDependencies } from './dependencies.ts';
import { withNextDueAt } from './next-due.ts';

/** One try of a charge: the claim, an outcome, and what that means for the payment. */
export const attemptCharge = async (
  deps: ChargeDependencies,
  payment: Payment,
  outcomeOf: (deps: ChargeDependencies, claimed: Payment) => Promise<ChargeOutcome>,
): Promise<ChargeAttempt> => {
  const claimed = await claimPayment(deps, payment);
  const { gateway, gatewayCalls } = withCallLog(deps.gateway);
  const decision = decideTransition(
    await outcomeOf({ ...deps, gateway }, claimed),
    claimed.attempt,
  );
  const after = await deps.record(claimed, {
    ...withNextDueAt(deps, claimed, decision),
    gatewayCalls,
  });

  return { after, decision };
};

/** Provably nothing of it has reached the PG. */
export const isNotSent = ({ decision }: ChargeAttempt): boolean =>
  decision.transition === 'chargeNotSent';
