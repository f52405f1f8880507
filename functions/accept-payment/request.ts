import * as z from 'zod';
import { maxDistinctSkus } from '../../shared/domain/orders/order.ts';
import { maxStockShards } from '../../shared/domain/orders/stock-shards.ts';
import type { TokenFormat } from '../../shared/gateway/token-format.ts';
import type { KeyedRequest } from '../../shared/http/idempotent-route.ts';
import { createPaymentMethodFields } from '../../shared/http/payment-method-fields.ts';

const name = z.string().min(1).max(64);

/** An order as it was answered. Its other fields are ignored. */
const answeredOrder = z.object({
  lines: z
    .array(
      z.object({
        sku: name,
        quantity: z.int().positive(),
        unitPrice: z.int().nonnegative(),
        stockShards: z.int().positive().max(maxStockShards).optional(),
      }),
    )
    .max(maxDistinctSkus),
  couponId: name.optional(),
  total: z.int().nonnegative(),
  currency: name,
  expiresAt: name,
  contentHash: name.optional(),
});

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
    order: answeredOrder.optional(),
    returnUrl,
    onDecline: z.enum(['cancel', 'keep']).optional(),
  });
};

type AcceptPaymentBody = z.infer<ReturnType<typeof createAcceptPaymentSchema>>;

export type AcceptPaymentRequest = KeyedRequest<AcceptPaymentBody>;

/** What must be the same for each request with one key: a retry may send the order or leave it out. */
export const withoutOrder = ({ order: _, ...body }: AcceptPaymentBody) => body;
