import type { Refund } from '../../shared/domain/refund.ts';
import type { RefundOutcome, RefundRequest } from '../../shared/pg/port.ts';
import type { Dependencies } from './dependencies.ts';

/** The PG knows no such refund, and may have forgotten its key: sent again, it might be a second one. */
interface Forgotten {
  readonly outcome: 'forgotten';
}

export type Finding = RefundOutcome | Forgotten;

/**
 * Has the refund made, or finds out whether it was. Once an answer was lost the PG is asked first what it knows, and the same key is
 * sent again only while the PG remembers it. An amount of 0 needs no PG.
 */
export const askPg = async (
  { payments, gateway, clock, timings }: Dependencies,
  refund: Refund,
): Promise<Finding> => {
  const asked = clock.now();
  if (refund.amount === 0) return nothingToRefund(asked);
  const request = requestOf(refund, (await payments.existing(refund.paymentId)).pg?.transactionId);
  const isOld = asked.getTime() - Date.parse(refund.createdAt) > timings.keyLifetimeMs;
  if (refund.askedAt === undefined && !isOld) return gateway.refund(request);

  const found = await gateway.inquireRefund(request);
  if (found.outcome !== 'not-found') return found;

  return isOld ? { outcome: 'forgotten' } : gateway.refund(request);
};

const requestOf = (
  { refundId, paymentId, amount, currency }: Refund,
  transactionId?: string,
): RefundRequest => ({
  key: `rfd:${refundId}`,
  reference: paymentId,
  amount,
  currency,
  ...(transactionId !== undefined && { transactionId }),
});

const nothingToRefund = (at: Date): RefundOutcome => ({
  outcome: 'refunded',
  refundId: 'nothing-to-refund',
  refundedAt: at.toISOString(),
});
