import {
  type NextActionOptions,
  nextActionOf,
} from '../../shared/application/payments/next-action.ts';
import type { RequestInquiry } from '../../shared/application/payments/request-inquiry.ts';
import { deriveConfirmationId, requestHashOf } from '../../shared/domain/ids.ts';
import { decideConfirmation, notConfirmable } from '../../shared/domain/payments/confirmation.ts';
import type { Clock } from '../../shared/domain/time.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type { AcceptedPayment } from '../../shared/http/accepted-response.ts';
import { allowedReturnUrl } from '../../shared/http/return-url.ts';
import { conflict, retryOnConflict } from '../../shared/persistence/dynamodb/retry-on-conflict.ts';
import type { PaymentRepository } from '../../shared/persistence/payment-repository.ts';
import type { ConfirmPaymentRequest } from './request.ts';

interface Dependencies extends NextActionOptions {
  readonly payments: Pick<PaymentRepository, 'getOwned' | 'tryUpdate'>;
  readonly requestInquiry: RequestInquiry;
  readonly clock: Clock;
  readonly timings: Pick<Timings, 'holdExpiryMs' | 'unclaimedTimeoutMs'>;
  readonly returnOrigins: readonly string[];
}

export interface ConfirmPaymentResult extends AcceptedPayment {
  readonly replayed: boolean;
}

/** Other writers change a payment fewer times than this before its confirmation is decided. */
const maxAttempts = 10;

/**
 * Goes on with the buyer's own payment: stores the payment method that it waits for, so that the charger charges
 * it, or requests an inquiry because the buyer is back from the gateway's page. Once the hold has ended, releases
 * it instead and rejects the request.
 */
export const confirmPayment =
  ({ payments, requestInquiry, clock, returnOrigins, ...options }: Dependencies) =>
  ({ buyer, paymentId, key, body }: ConfirmPaymentRequest): Promise<ConfirmPaymentResult> => {
    const request = {
      ...body,
      returnUrl: body.returnUrl && allowedReturnUrl(body.returnUrl, returnOrigins),
      id: deriveConfirmationId(buyer, paymentId, key),
      requestHash: requestHashOf(body),
    };
    const tryConfirm = async () => {
      const payment = await payments.getOwned(buyer, paymentId);
      const outcome = decideConfirmation(payment, request, clock.now(), options.timings);
      const { orderId, amount, currency } = payment;
      const answer = { paymentId, orderId, amount, currency, replayed: outcome === 'duplicate' };
      if (outcome === 'duplicate') return answer;
      if (outcome === 'returned') {
        await requestInquiry(payment);
        const nextAction = nextActionOf(payment, options);

        return { ...answer, ...(nextAction && { nextAction }) };
      }
      const after = 'released' in outcome ? outcome.released : outcome.confirmed;
      if (!(await payments.tryUpdate(payment, after))) return conflict;
      if ('confirmed' in outcome) return answer;
      throw notConfirmable(after);
    };

    return retryOnConflict(`Payment ${paymentId}`, tryConfirm, { maxAttempts });
  };
