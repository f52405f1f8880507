import {
  decideTransition,
  type TransitionDecision,
  zeroAmountApproval,
} from '../../shared/application/payments/decide-transition.ts';
import { chargeReferenceOf } from '../../shared/domain/payments/charge-idempotency-key.ts';
import { firstInquiryAt } from '../../shared/domain/payments/inquiry-schedule.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { ChargeOutcome } from '../../shared/gateway/payment-gateway.ts';
import { withCallLog } from '../../shared/gateway/recording-gateway.ts';
import { claimPayment } from './claim.ts';
import type { ChargeAttempt, ChargeDependencies } from './dependencies.ts';

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

/** The outcome of a charge that the PG is not asked for, if this is one: there is nothing to charge. */
export const outcomeWithoutGateway = (
  { clock }: Pick<ChargeDependencies, 'clock'>,
  { amount }: Payment,
): ChargeOutcome | undefined => (amount === 0 ? zeroAmountApproval(clock.now()) : undefined);

/**
 * The PG's answer to a claimed payment. What it gives as its reason goes to the buyer, to the bus and to who listens there; how the payment
 * is paid does not, also where the PG repeats it ("No such PaymentMethod: ...").
 */
export const chargeGateway = async (
  { gateway }: Pick<ChargeDependencies, 'gateway'>,
  payment: Payment,
): Promise<ChargeOutcome> => {
  const { paymentMethod } = payment;
  const outcome = await gateway.charge({ ...chargeReferenceOf(payment), paymentMethod });
  if (!('reason' in outcome)) return outcome;

  return { ...outcome, reason: outcome.reason.replaceAll(paymentMethod, '(payment method)') };
};

type Schedule = Pick<ChargeDependencies, 'clock' | 'timings'>;

/** When the next one has to do something: the inquiry, or the charger again after its wait. */
export const withNextDueAt = (
  deps: Schedule,
  claimed: Payment,
  decision: TransitionDecision,
): TransitionDecision => {
  const now = deps.clock.now();
  if (decision.transition === 'outcomeUnknown') {
    return { ...decision, change: { dueAt: firstInquiryAt(claimed, now, deps.timings) } };
  }
  if (decision.transition !== 'chargeNotSent') return decision;
  // Tried again and again, it would never be overdue: the end of its hold is not put off.
  const holdExpiresAt = Date.parse(claimed.createdAt) + deps.timings.holdExpiryMs;
  const dueAt = new Date(
    Math.min(now.getTime() + backoffDelayMs(deps, claimed), holdExpiresAt),
  ).toISOString();

  return { ...decision, change: { dueAt } };
};

/** Half the payment's age, so that a PG that is down is asked ever less often. */
export const backoffDelayMs = ({ clock, timings }: Schedule, { createdAt }: Payment): number => {
  const [minMs, maxMs] = timings.notSentBackoffMs;

  return Math.min(Math.max((clock.now().getTime() - Date.parse(createdAt)) / 2, minMs), maxMs);
};
