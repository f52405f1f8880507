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

/** Where a step has left a refund, and when the next one is due; without a time nothing more is to be asked. */
export type RefundAttempt = Pick<Refund, 'status' | 'version'> & {
  readonly dueAt?: string | undefined;
};

/** Of one step: each raises the version, so that two messages at once ask the PG once. */
export const attemptKeyOf = ({ refundId, version }: Refund) => JSON.stringify([refundId, version]);

/** Asks the PG once for a refund that is due, or about it, and writes what its answer means. */
export const attemptRefund =
  (deps: ExecuteRefundDependencies) =>
  async (refund: Refund): Promise<RefundAttempt> => {
    const { gateway, gatewayCalls } = withCallLog(deps.gateway);
    const finding = await refundAtGateway({ ...deps, gateway }, refund);
    if (finding.outcome === 'not-sent') {
      const { clock, timings } = deps;
      const delayMs = ageBasedBackoffMs(refund.updatedAt, clock.now(), timings);
      // Nothing was done at the PG: the refund stays as it was, and none of its tries is used up.
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

    // Under review it is due for its review alone: the PG is not asked again.
    return { status, version, ...(status === 'REQUESTED' && { dueAt }) };
  };

const dueAtAfter = (now: Date, ms: number): string => new Date(now.getTime() + ms).toISOString();

/** Has the refund made, or finds out whether it was. An amount of 0 needs no PG; one that is not whole, or below 0, is never sent. */
export const refundAtGateway = async (
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
