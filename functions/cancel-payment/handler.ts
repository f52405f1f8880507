import { decideCancellation } from '../../shared/domain/payments/cancellation.ts';
import type { Clock } from '../../shared/domain/time.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import { paymentBody } from '../../shared/http/payment-body.ts';
import type { PaymentBody } from '../../shared/http/schemas/payment.ts';
import { conflict, retryOnConflict } from '../../shared/persistence/dynamodb/retry-on-conflict.ts';
import type { PaymentRepository } from '../../shared/persistence/payment-repository.ts';
import type { CancelPaymentRequest } from './request.ts';

interface Dependencies {
  readonly payments: Pick<PaymentRepository, 'getOwned' | 'tryUpdate' | 'recordCancelRequest'>;
  readonly clock: Clock;
}

export interface CancelPaymentResult {
  readonly payment: PaymentBody;
  readonly replayed: boolean;
}

/** Other writers change a payment fewer times than this before it is final. */
const maxAttempts = 10;

/**
 * Cancels the buyer's own payment. If the charger has already claimed it, records the request, and the
 * payment is refunded after its capture.
 */
export const cancelPayment =
  ({ payments, clock }: Dependencies) =>
  ({ buyer, paymentId, body }: CancelPaymentRequest): Promise<CancelPaymentResult> => {
    const tryCancel = async () => {
      const at = clock.now();
      const payment = await payments.getOwned(buyer, paymentId);
      const cancellation = decideCancellation(payment, at, body?.reason);
      if (cancellation === 'duplicate') return { payment: paymentBody(payment), replayed: true };
      const after = cancellation === 'deferred' ? payment : cancellation.after;
      const isWritten =
        cancellation === 'deferred'
          ? await payments.recordCancelRequest(payment, {
              at: at.toISOString(),
              reason: body?.reason,
            })
          : await payments.tryUpdate(payment, after);

      return isWritten ? { payment: paymentBody(after), replayed: false } : conflict;
    };

    return retryOnConflict(`Payment ${paymentId}`, tryCancel, { maxAttempts });
  };

/** 202: a compensation or a refund follows, and the payment shows which. */
export const toCancelledPaymentResponse = ({
  payment,
}: Omit<CancelPaymentResult, 'replayed'>): HttpResponse => ({
  status: 202,
  headers: {
    location: payment.links.self,
    'retry-after': '1',
  },
  body: payment,
  ids: { paymentId: payment.paymentId, orderId: payment.orderId },
});
