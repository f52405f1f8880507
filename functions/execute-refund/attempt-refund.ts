import { buildRefundRequest } from '../../shared/application/refunds/gateway-refund-request.ts';
import {
  type RefundAttemptOutcome,
  refundIdempotently,
} from '../../shared/application/refunds/refund-idempotently.ts';
import { requirePositiveAmount } from '../../shared/domain/money.ts';
import type { Refund } from '../../shared/domain/refunds/refund.ts';
import { ageBasedBackoffMs } from '../../shared/domain/timings.ts';
import type { RefundOutcome } from '../../shared/gateway/payment-gateway.ts';
import { withCallLog } from '../../shared/gateway/recording-gateway.ts';
import { DeferredError } from '../../shared/lambda/message-deferral.ts';
import { decideRefund } from './decide-refund.ts';
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

/** Sends a due refund to the gateway once, or inquires about it, and records the decision. */
export const attemptRefund =
  (deps: ExecuteRefundDependencies) =>
  async (refund: Refund): Promise<RefundAttempt> => {
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
    const { status, version, dueAt } = await recordRefundOutcome(
      deps,
      refund,
      decision,
      gatewayCalls,
    );

    // Under review only the review is due: the gateway is not called again.
    return { status, version, ...(status === 'REQUESTED' && { dueAt }) };
  };

const dueAtAfter = (now: Date, ms: number): string => new Date(now.getTime() + ms).toISOString();

/**
 * Refunds at the gateway, or inquires whether it did. An amount of 0 needs no call; an invalid amount is
 * never sent.
 */
const refundAtGateway = async (
  { payments, gateway, clock, timings }: ExecuteRefundDependencies,
  refund: Refund,
): Promise<RefundAttemptOutcome> => {
  const now = clock.now();
  if (refund.amount === 0) return zeroAmountRefund(now);
  requirePositiveAmount(refund.amount, `Refund ${refund.refundId}`);
  const request = buildRefundRequest(refund, await payments.getOrThrow(refund.paymentId));
  const isKeyExpired =
    now.getTime() - Date.parse(refund.createdAt) > timings.gatewayIdempotencyTtlMs;

  return refundIdempotently(gateway, request, {
    wasSent: refund.firstSentAt !== undefined,
    isKeyExpired,
  });
};

const zeroAmountRefund = (at: Date): RefundOutcome => ({
  outcome: 'refunded',
  refundId: 'nothing-to-refund',
  refundedAt: at.toISOString(),
});
