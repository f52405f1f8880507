import type {
  PaymentGateway,
  RefundOutcome,
  RefundRequest,
} from '../../gateway/payment-gateway.ts';

/** The PG knows no such refund, and may have forgotten its key: sent again, it might be a second one. */
interface KeyExpired {
  readonly outcome: 'key-expired';
}

/** What is known of a refund once the PG was asked for it, or about it. */
export type RefundAttemptOutcome = RefundOutcome | KeyExpired;

/** What has become of a refund so far. */
interface AttemptHistory {
  /** The PG may have it: an answer was lost. */
  readonly wasSent: boolean;
  /** Longer ago than the PG remembers a key. */
  readonly isKeyExpired: boolean;
}

/**
 * Has a refund made, or finds out whether it was. Once an answer was lost the PG is asked first what it knows, and the same key is sent
 * again only while the PG remembers it. Throws nothing, as the port.
 */
export const refundIdempotently = async (
  gateway: Pick<PaymentGateway, 'refund' | 'inquireRefund'>,
  request: RefundRequest,
  { wasSent, isKeyExpired }: AttemptHistory,
): Promise<RefundAttemptOutcome> => {
  if (!wasSent && !isKeyExpired) return gateway.refund(request);

  const found = await gateway.inquireRefund(request);
  if (found.outcome !== 'not-found') return found;

  return isKeyExpired ? { outcome: 'key-expired' } : gateway.refund(request);
};
