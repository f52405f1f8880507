import * as z from 'zod';
import type { TokenFormat } from '../../shared/gateway/token-format.ts';
import type { KeyedRequest } from '../../shared/http/idempotent-route.ts';

/**
 * POST /payments. The price comes from the order; `expectedAmount` is only compared with it. The gateway charges
 * what the balance does not pay.
 */
export const createAcceptPaymentSchema = ({ pattern, example }: TokenFormat) =>
  z.strictObject({
    orderId: z.string().min(1).max(64).meta({ description: 'ID of the order to pay.' }),
    paymentMethod: z
      .string()
      .min(1)
      .max(300)
      .refine((token) => pattern.test(token), {
        error: `Send a token of the payment gateway, such as "${example}".`,
      })
      .meta({ description: 'Token of the payment gateway for the payment method.' }),
    balanceAmount: z.int().nonnegative().optional().meta({
      description:
        'Amount to take from the balance, in minor units, at most the total of the order. The gateway charges the rest. 0 by default.',
    }),
    expectedAmount: z.int().nonnegative().optional().meta({
      description:
        'Total shown to the buyer, in minor units. The payment is rejected if the order has another total.',
    }),
  });

export type AcceptPaymentRequest = KeyedRequest<
  z.infer<ReturnType<typeof createAcceptPaymentSchema>>
>;
