import { buildRefundRequest } from '../../shared/application/refunds/gateway-refund-request.ts';
import {
  type RefundAttemptOutcome,
  refundIdempotently,
} from '../../shared/application/refunds/refund-idempotently.ts';
import type { GatewayCall } from '../../shared/domain/gateway-call.ts';
import { InvalidAmountError, isAmount } from '../../shared/domain/money.ts';
import { balanceAmountOf } from '../../shared/domain/payments/tenders.ts';
import type { Refund } from '../../shared/domain/refunds/refund.ts';
import { ageBasedBackoffMs } from '../../shared/domain/timings.ts';
import { withCallLog } from '../../shared/gateway/recording-gateway.ts';
import { DeferredError } from '../../shared/lambda/message-deferral.ts';
import { decideRefund, decideWithoutGateway, type RefundDecision } from './decide-refund.ts';
import type { ExecuteRefundDependencies } from './dependencies.ts';
import { recordRefundOutcome } from './record-refund-outcome.ts';

/** The refund after an attempt, and when the next attempt is due; without `dueAt` there is none. */
export type RefundAttempt = Pick<Refund, 'status' | 'version'> & {
  readonly dueAt?: string | undefined;
};

/**
 * Identifies one attempt. Each attempt raises the version, so two concurrent messages lead to one gateway
 * call.
 */
export const attemptKeyOf = ({ refundId, version }: Refund) => JSON.stringify([refundId, version]);

/**
 * Sends the gateway's part of a due refund to the gateway once, or inquires about it, and records the decision.
 * A refund without such a part succeeds without a call. Throws InvalidAmountError before the call if a part of
 * the refund is not an amount.
 */
export const attemptRefund =
  (deps: ExecuteRefundDependencies) =>
  async (refund: Refund): Promise<RefundAttempt> => {
    requireAmounts(refund);
    if (refund.gatewayAmount === 0) return record(deps, refund, decideWithoutGateway(refund));
    const { gateway, gatewayCalls } = withCallLog(deps.gateway, deps.clock);
    const finding = await refundAtGateway({ ...deps, gateway }, refund);
    if (finding.outcome === 'not-sent') {
      const { clock, timings } = deps;
      const delayMs = ageBasedBackoffMs(refund.updatedAt, clock.now(), timings);
      // Nothing reached the gateway: the refund stays as it is and the attempt is not counted.
      await deps.refunds.tryLease(refund, dueAtAfter(clock.now(), delayMs));
      throw new DeferredError(`not sent: ${finding.reason}`, delayMs);
    }
    const decision = decideRefund(finding, refund, deps.clock.now(), deps.timings);

    return record(deps, refund, decision, gatewayCalls);
  };

const record = async (
  deps: ExecuteRefundDependencies,
  refund: Refund,
  decision: RefundDecision,
  gatewayCalls: readonly GatewayCall[] = [],
): Promise<RefundAttempt> => {
  const { status, version, dueAt } = await recordRefundOutcome(
    deps,
    refund,
    decision,
    gatewayCalls,
  );

  // Under review only the review is due: the gateway is not called again.
  return { status, version, ...(status === 'REQUESTED' && { dueAt }) };
};

/** The balance part is checked as well: it could not be booked after the gateway's refund. */
const requireAmounts = (refund: Refund): void => {
  for (const part of [refund.gatewayAmount, balanceAmountOf(refund)])
    if (!isAmount(part)) throw new InvalidAmountError(`Refund ${refund.refundId}`, part);
};

const dueAtAfter = (now: Date, ms: number): string => new Date(now.getTime() + ms).toISOString();

/** Refunds the gateway's part, or inquires whether the gateway did. */
const refundAtGateway = async (
  { payments, gateway, clock, timings }: ExecuteRefundDependencies,
  refund: Refund,
): Promise<RefundAttemptOutcome> => {
  const now = clock.now();
  const request = buildRefundRequest(refund, await payments.getOrThrow(refund.paymentId));
  const isKeyExpired =
    now.getTime() - Date.parse(refund.createdAt) > timings.gatewayIdempotencyTtlMs;

  return refundIdempotently(gateway, request, {
    wasSent: refund.firstSentAt !== undefined,
    isKeyExpired,
  });
};
