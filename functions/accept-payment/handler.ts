import type {
  AcceptTimings,
  createAcceptPayment,
} from '../../shared/application/payments/accept-payment.ts';
import {
  type NextActionOptions,
  provideMethodAction,
} from '../../shared/application/payments/next-action.ts';
import { derivePaymentId, requestHashOf } from '../../shared/domain/ids.ts';
import type { Clock } from '../../shared/domain/time.ts';
import type { AcceptedPayment } from '../../shared/http/accepted-response.ts';
import { allowedReturnUrl } from '../../shared/http/return-url.ts';
import { type AcceptPaymentRequest, withoutOrder } from './request.ts';

interface Dependencies extends Pick<NextActionOptions, 'checkout'> {
  readonly accept: ReturnType<typeof createAcceptPayment>;
  readonly clock: Clock;
  readonly timings: AcceptTimings;
  readonly returnOrigins: readonly string[];
}

/** The values of the 202 response: the same for each request with one key, whatever the payment has become. */
export interface AcceptPaymentResult extends AcceptedPayment {
  readonly replayed: boolean;
}

/** Accepts one payment of an order, at most once per idempotency key of a buyer. */
export const acceptPayment =
  ({ accept, clock, timings, checkout, returnOrigins }: Dependencies) =>
  async ({ buyer, key, body, traceparent }: AcceptPaymentRequest): Promise<AcceptPaymentResult> => {
    const returnUrl = body.returnUrl && allowedReturnUrl(body.returnUrl, returnOrigins);
    const intent = withoutOrder(body);
    const command = {
      ...intent,
      sentOrder: body.order,
      returnUrl,
      paymentId: derivePaymentId(buyer, key),
      userId: buyer,
      requestHash: requestHashOf(intent),
      traceparent,
    };
    const { payment, replayed } = await accept(command, clock.now(), timings);
    const { paymentId, orderId, amount, currency, gatewayAmount, createdAt } = payment;
    // Only what no later step changes: the payment may have moved on since its first request.
    const opened = {
      paymentId,
      attempt: 0,
      gatewayAmount,
      currency,
      createdAt,
      ...(returnUrl && { returnUrl }),
    };

    return {
      paymentId,
      orderId,
      amount,
      currency,
      ...(payment.history[0]?.to === 'REQUIRES_METHOD' && {
        nextAction: provideMethodAction(opened, { checkout, timings }),
      }),
      replayed,
    };
  };
