import { buildRefundRequest } from '../../shared/application/refunds/gateway-refund-request.ts';
import {
  type RefundAttemptOutcome,
  refundIdempotently,
} from '../../shared/application/refunds/refund-idempotently.ts';
import { requirePositiveAmount } from '../../shared/domain/money.ts';
import type { Refund } from '../../shared/domain/refunds/refund.ts';
import type { RefundOutcome } from '../../shared/gateway/payment-gateway.ts';
import type { ExecuteRefundDependencies } from './dependencies.ts';

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
