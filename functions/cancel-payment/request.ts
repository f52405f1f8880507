import * as z from 'zod';
import type { KeyedRequestOf } from '../../shared/http/idempotent-route.ts';

/** POST /payments/{paymentId}/cancel. The body is optional. */
export const cancelPaymentSchema = z.strictObject({
  reason: z.string().trim().min(1).max(500).optional().meta({
    description: "Reason of the buyer, 1 to 500 characters. It appears in the payment's timeline.",
  }),
});

export type CancelPaymentRequest = KeyedRequestOf<
  'paymentId',
  z.infer<typeof cancelPaymentSchema> | undefined
>;
