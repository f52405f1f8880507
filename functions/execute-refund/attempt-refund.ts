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
import type { RefundRepository } from '../../shared/persistence/refund-repository.ts';
import { decideRefund, decideWithoutGateway, type RefundDecision } from './decide-refund.ts';
import type { ExecuteRefundDependencies } from './dependencies.ts';
import { recordRefundOutcome } from './record-refund-outcome.ts';

/** The refund after an attempt, and when the next attempt is due; without `dueAt` there is none. */
export type RefundAttempt = Pick<Refund, 'status' | 'version'> & {
  readonly dueAt?: string | undefined;
};

/**
 * Identifies one attempt: each attempt raises the version. Two concurrent messages may both call the gateway,
 * with one key, and one of them writes the version.
 */
export const attemptKeyOf = ({ refundId, version }: Refund) => JSON.stringify([refundId, version]);

/** Whether another write was first: every decision that is written raises the version. */
export const isAttemptLost = ({ version }: RefundAttempt, before: Refund): boolean =>
  version === before.version;

/** Reads the refund, and returns the result of the attempt that wrote the next version. */
export const findAttempt =
  ({ refunds }: { readonly refunds: Pick<RefundRepository, 'getOrThrow'> }) =>
  async ({ refundId, version }: Refund): Promise<RefundAttempt | undefined> => {
    const refund = await refunds.getOrThrow(refundId);
    const written = refund.history.find((entry) => entry.version === version + 1);
    if (written?.by !== 'execute-refund') return undefined;

    return toAttempt({ ...refund, status: written.to, version: written.version });
  };

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
  return toAttempt(await recordRefundOutcome(deps, refund, decision, gatewayCalls));
};

/** Under review only the review is due: the gateway is not called again. */
const toAttempt = ({ status, version, dueAt }: RefundAttempt): RefundAttempt => ({
  status,
  version,
  ...(status === 'REQUESTED' && { dueAt }),
});

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
