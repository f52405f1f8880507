import type {
  PaymentGateway,
  RefundOutcome,
  RefundRequest,
} from '../../gateway/payment-gateway.ts';

/** The PG knows no such refund, and may have forgotten its key: sent again, it might be a second one. */
interface Forgotten {
  readonly outcome: 'forgotten';
}

/** What is known of a refund once the PG was asked for it, or about it. */
export type RefundFinding = RefundOutcome | Forgotten;

/** What has become of a refund so far. */
interface SoFar {
  /** The PG may have it: an answer was lost. */
  readonly wasAsked: boolean;
  /** Longer ago than the PG remembers a key. */
  readonly isOld: boolean;
}

/**
 * Has a refund made, or finds out whether it was. Once an answer was lost the PG is asked first what it knows, and the same key is sent
 * again only while the PG remembers it. Throws nothing, as the port.
 */
export const refundOnce = async (
  gateway: Pick<PaymentGateway, 'refund' | 'inquireRefund'>,
  request: RefundRequest,
  { wasAsked, isOld }: SoFar,
): Promise<RefundFinding> => {
  if (!wasAsked && !isOld) return gateway.refund(request);

  const found = await gateway.inquireRefund(request);
  if (found.outcome !== 'not-found') return found;

  return isOld ? { outcome: 'forgotten' } : gateway.refund(request);
};
