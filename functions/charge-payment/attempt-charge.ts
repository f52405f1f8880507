import {
  decideTransition,
  type TransitionDecision,
  zeroAmountApproval,
} from '../../shared/application/payments/decide-transition.ts';
import { chargeReferenceOf } from '../../shared/domain/payments/charge-reference.ts';
import { holdEndMs } from '../../shared/domain/payments/hold-release.ts';
import { firstInquiryAt } from '../../shared/domain/payments/inquiry-schedule.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { ChargeOutcome } from '../../shared/gateway/payment-gateway.ts';
import { withCallLog } from '../../shared/gateway/recording-gateway.ts';
import { claimPayment } from './claim.ts';
import type { ChargeAttempt, ChargeDependencies } from './dependencies.ts';

/** One attempt of a charge: claims the payment, calls the gateway, and records the decision. */
export const attemptCharge = async (
  deps: ChargeDependencies,
  payment: Payment,
  outcomeOf: (deps: ChargeDependencies, claimed: Payment) => Promise<ChargeOutcome>,
): Promise<ChargeAttempt> => {
  const claimed = await claimPayment(deps, payment);
  const { gateway, gatewayCalls } = withCallLog(deps.gateway, deps.clock);
  const decision = decideTransition(
    await outcomeOf({ ...deps, gateway }, claimed),
    claimed,
    deps.clock.now(),
    deps.timings,
  );
  const after = await deps.record(claimed, {
    ...withNextDueAt(deps, claimed, decision),
    gatewayCalls,
  });

  return { after, decision };
};

/** Whether provably nothing reached the gateway. */
export const isNotSent = ({ decision }: ChargeAttempt): boolean =>
  decision.transition === 'chargeNotSent';

/** The outcome of a charge that needs no gateway call: nothing for it to charge. Otherwise undefined. */
export const outcomeWithoutGateway = (
  { clock }: Pick<ChargeDependencies, 'clock'>,
  { gatewayAmount }: Payment,
): ChargeOutcome | undefined => (gatewayAmount === 0 ? zeroAmountApproval(clock.now()) : undefined);

/**
 * Charges a claimed payment. The gateway's reason goes to the buyer and to subscribers, so the payment method
 * is removed from it ("No such PaymentMethod: ...").
 */
export const chargeGateway = async (
  { gateway }: Pick<ChargeDependencies, 'gateway'>,
  payment: Payment,
): Promise<ChargeOutcome> => {
  const { paymentId, paymentMethod, returnUrl } = payment;
  if (paymentMethod === undefined) throw new Error(`${paymentId} has no payment method.`);
  const outcome = await gateway.charge({
    ...chargeReferenceOf(payment),
    paymentMethod,
    ...(returnUrl !== undefined && { returnUrl }),
  });
  if (!('reason' in outcome)) return outcome;

  return { ...outcome, reason: outcome.reason.replaceAll(paymentMethod, '(payment method)') };
};

type Schedule = Pick<ChargeDependencies, 'clock' | 'timings'>;

/** Adds when the next step is due: the first inquiry, or the next attempt after the backoff. */
const withNextDueAt = (
  deps: Schedule,
  claimed: Payment,
  decision: TransitionDecision,
): TransitionDecision => {
  const now = deps.clock.now();
  if (decision.transition === 'outcomeUnknown') {
    return { ...decision, change: { dueAt: firstInquiryAt(claimed, now, deps.timings) } };
  }
  if (decision.transition !== 'chargeNotSent') return decision;
  // An attempt never postpones the end of the hold, so the payment becomes overdue.
  const dueAt = new Date(
    Math.min(now.getTime() + backoffDelayMs(deps, claimed), holdEndMs(claimed, deps.timings)),
  ).toISOString();

  return { ...decision, change: { dueAt } };
};

/** Backoff: half the payment's age within the configured bounds. */
export const backoffDelayMs = ({ clock, timings }: Schedule, { createdAt }: Payment): number => {
  const [minMs, maxMs] = timings.notSentBackoffMs;

  return Math.min(Math.max((clock.now().getTime() - Date.parse(createdAt)) / 2, minMs), maxMs);
};
