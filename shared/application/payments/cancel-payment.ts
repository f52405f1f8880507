import {
  type CancellationRequest,
  decideCancellation,
} from '../../domain/payments/cancellation.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import { logger } from '../../observability/logger.ts';
import { conflict, retryOnConflict } from '../../persistence/dynamodb/retry-on-conflict.ts';
import type { RequestInquiry } from './request-inquiry.ts';

/** What one cancellation writes: the released payment, or the request for later. */
export type CancellationWrite = CancellationRequest & {
  readonly before: Payment;
  /** The released payment. Absent if the charge is in flight: then the request is recorded. */
  readonly after?: Payment;
};

interface Dependencies {
  readonly find: () => Promise<Payment>;
  /** Who cancels, at the time of this attempt. */
  readonly requestAt: () => CancellationRequest;
  /** Optimistic lock: returns false if the payment has changed. */
  readonly write: (cancellation: CancellationWrite) => Promise<boolean>;
  readonly inquire: RequestInquiry;
}

export interface CancelledPayment {
  readonly payment: Payment;
  /** The payment was cancelled already, and nothing was written. */
  readonly replayed: boolean;
}

/** Other writers change a payment fewer times than this before it is final. */
const maxAttempts = 10;

/**
 * Cancels a payment. If the charger has already claimed it, records the request, and the payment is refunded
 * after its capture. If the gateway waits for the buyer, also requests an inquiry, which cancels the charge.
 * Throws the rejection payment-not-cancellable if the payment has ended.
 */
export const cancelPayment = async (
  paymentId: string,
  { find, requestAt, write, inquire }: Dependencies,
): Promise<CancelledPayment> => {
  const tryCancel = async () => {
    const before = await find();
    const request = requestAt();
    const cancellation = decideCancellation(before, request);
    if (cancellation === 'duplicate') return { payment: before, replayed: true };
    const { after } = cancellation === 'deferred' ? {} : cancellation;
    const isWritten = await write({ ...request, before, ...(after && { after }) });

    return isWritten ? { payment: after ?? before, replayed: false } : conflict;
  };

  const cancelled = await retryOnConflict(`Payment ${paymentId}`, tryCancel, { maxAttempts });
  if (cancelled.payment.status === 'REQUIRES_ACTION') await tryInquire(inquire, cancelled.payment);

  return cancelled;
};

/** Without the request, the charge is cancelled when the time for the buyer's action is over. */
const tryInquire = (inquire: RequestInquiry, payment: Payment) =>
  inquire(payment).catch((error) => {
    const { paymentId } = payment;
    logger.warn('inquiry not requested', { paymentId, error });
  });
