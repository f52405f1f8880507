import type {
  PaymentGateway,
  RefundOutcome,
  RefundRequest,
} from '../../gateway/payment-gateway.ts';

/**
 * The gateway has no such refund and its idempotency key has expired: another request could be a second
 * refund.
 */
interface KeyExpired {
  readonly outcome: 'key-expired';
}

/** The outcome of a refund request or of an inquiry about the refund. */
export type RefundAttemptOutcome = RefundOutcome | KeyExpired;

/** The earlier attempts of a refund. */
interface AttemptHistory {
  /** The gateway may have the refund: a response was lost. */
  readonly wasSent: boolean;
  /** The first attempt is older than the gateway's idempotency TTL. */
  readonly isKeyExpired: boolean;
}

/**
 * Requests a refund, or finds out whether it was made. After a lost response it inquires first, and repeats
 * the request under the same key only if the key has not expired. Does not throw, like the gateway port.
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
