import { refundRequestOf } from '../../shared/application/refunds/gateway-refund-request.ts';
import {
  type RefundFinding,
  refundOnce,
} from '../../shared/application/refunds/refund-idempotently.ts';
import { movable } from '../../shared/domain/money.ts';
import type { Refund } from '../../shared/domain/refunds/refund.ts';
import type { RefundOutcome } from '../../shared/gateway/payment-gateway.ts';
import type { Dependencies } from './dependencies.ts';

/** Has the refund made, or finds out whether it was. An amount of 0 needs no PG; one that is not whole, or below 0, is never sent. */
export const askPg = async (
  { payments, gateway, clock, timings }: Dependencies,
  refund: Refund,
): Promise<RefundFinding> => {
  const asked = clock.now();
  if (refund.amount === 0) return nothingToRefund(asked);
  movable(refund.amount, `Refund ${refund.refundId}`);
  const request = refundRequestOf(refund, await payments.existing(refund.paymentId));
  const isOld = asked.getTime() - Date.parse(refund.createdAt) > timings.keyLifetimeMs;

  return refundOnce(gateway, request, { wasAsked: refund.askedAt !== undefined, isOld });
};

const nothingToRefund = (at: Date): RefundOutcome => ({
  outcome: 'refunded',
  refundId: 'nothing-to-refund',
  refundedAt: at.toISOString(),
});
