import { minOperatorReasonLength, type OperatorIdentity } from '../../shared/domain/operator.ts';
import type { KeyedRequestOf } from '../../shared/http/idempotent-route.ts';
import { type RefundRequestBody, refundRequestSchema } from '../../shared/http/refund-request.ts';

/** POST /operator/payments/{paymentId}/refunds. */
export const operatorRefundSchema = refundRequestSchema({
  minLength: minOperatorReasonLength,
  description: `Reason for the buyer and for the audit log, ${minOperatorReasonLength} to 500 characters.`,
});

export type OperatorRefundRequest = KeyedRequestOf<'paymentId', RefundRequestBody> & {
  readonly operator: OperatorIdentity;
};
