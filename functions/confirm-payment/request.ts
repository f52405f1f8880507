import * as z from 'zod';
import type { TokenFormat } from '../../shared/gateway/token-format.ts';
import type { KeyedRequestOf } from '../../shared/http/idempotent-route.ts';
import { createPaymentMethodFields } from '../../shared/http/payment-method-fields.ts';

/** POST /payments/{paymentId}/confirm. The body is optional: without it the buyer is back from an action. */
export const createConfirmPaymentSchema = (tokenFormat: TokenFormat) => {
  const { paymentMethod, returnUrl } = createPaymentMethodFields(tokenFormat);

  return z.strictObject({
    paymentMethod: paymentMethod.meta({
      description:
        'Token of the payment gateway for the payment method. Required if the payment waits for one; not accepted otherwise.',
    }),
    returnUrl,
  });
};

export type ConfirmPaymentRequest = KeyedRequestOf<
  'paymentId',
  z.infer<ReturnType<typeof createConfirmPaymentSchema>>
>;
