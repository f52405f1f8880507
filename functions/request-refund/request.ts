import type { KeyedRequestOf } from '../../shared/http/idempotent-route.ts';
import { type RefundRequestBody, refundRequestSchema } from '../../shared/http/refund-request.ts';

/** POST /payments/{paymentId}/refunds. */
export const refundPaymentSchema = refundRequestSchema({
  minLength: 1,
  description: 'Reason of the buyer, 1 to 500 characters.',
});

export type RefundPaymentRequest = KeyedRequestOf<'paymentId', RefundRequestBody>;
