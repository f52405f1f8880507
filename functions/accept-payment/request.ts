import * as z from 'zod';
import type { TokenFormat } from '../../shared/gateway/token-format.ts';
import type { KeyedRequest } from '../../shared/http/idempotent-route.ts';
import { createPaymentMethodFields } from '../../shared/http/payment-method-fields.ts';

/**
 * POST /payments. The price comes from the order; `expectedAmount` is only compared with it. The gateway charges
 * what the balance does not pay.
 */
export const createAcceptPaymentSchema = (tokenFormat: TokenFormat) => {
  const { paymentMethod, returnUrl } = createPaymentMethodFields(tokenFormat);

  return z.strictObject({
    orderId: z.string().min(1).max(64).meta({ description: 'ID of the order to pay.' }),
    paymentMethod: paymentMethod.meta({
      description:
        'Token of the payment gateway for the payment method. Without it the payment waits for one, if the gateway has something to charge.',
    }),
    balanceAmount: z.int().nonnegative().optional().meta({
      description:
        'Amount to take from the balance, in minor units, at most the total of the order. The gateway charges the rest. 0 by default.',
    }),
    expectedAmount: z.int().nonnegative().optional().meta({
      description:
        'Total shown to the buyer, in minor units. The payment is rejected if the order has another total.',
    }),
    returnUrl,
    onDecline: z.enum(['cancel', 'keep']).optional().meta({
      description:
        'What a decline does. `cancel`, the default, fails the payment and cancels the order. `keep` waits for another payment method, at most five in all and while the hold lasts.',
    }),
  });
};

export type AcceptPaymentRequest = KeyedRequest<
  z.infer<ReturnType<typeof createAcceptPaymentSchema>>
>;
