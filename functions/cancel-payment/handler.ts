import {
  type CancellationWrite,
  cancelPayment as cancel,
} from '../../shared/application/payments/cancel-payment.ts';
import type { RequestInquiry } from '../../shared/application/payments/request-inquiry.ts';
import type { Clock } from '../../shared/domain/time.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import { paymentBody } from '../../shared/http/payment-body.ts';
import type { PaymentBody } from '../../shared/http/schemas/payment.ts';
import type { PaymentRepository } from '../../shared/persistence/payment-repository.ts';
import type { CancelPaymentRequest } from './request.ts';

interface Dependencies {
  readonly payments: Pick<PaymentRepository, 'getOwned' | 'tryUpdate' | 'recordCancelRequest'>;
  readonly inquire: RequestInquiry;
  readonly clock: Clock;
}

export interface CancelPaymentResult {
  readonly payment: PaymentBody;
  readonly replayed: boolean;
}

/** Cancels the buyer's own payment. */
export const cancelPayment =
  ({ payments, inquire, clock }: Dependencies) =>
  async ({ buyer, paymentId, body }: CancelPaymentRequest): Promise<CancelPaymentResult> => {
    const { payment, replayed } = await cancel(paymentId, {
      find: () => payments.getOwned(buyer, paymentId),
      requestAt: () => ({ at: clock.now(), by: 'cancel-payment', reason: body?.reason }),
      write: ({ before, after, at, reason }: CancellationWrite) =>
        after === undefined
          ? payments.recordCancelRequest(before, { at: at.toISOString(), reason })
          : payments.tryUpdate(before, after),
      inquire,
    });

    return { payment: paymentBody(payment), replayed };
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
