import * as z from 'zod';
import type { OperatorIdentity } from '../../shared/domain/operator.ts';
import type { KeyedRequestOf } from '../../shared/http/idempotent-route.ts';
import { operatorReasonSchema } from '../../shared/http/operator-reason.ts';

/** POST /operator/payments/{paymentId}/cancel. */
export const cancelOperatorPaymentSchema = z.strictObject({ reason: operatorReasonSchema });

export type CancelOperatorPaymentRequest = KeyedRequestOf<
  'paymentId',
  z.infer<typeof cancelOperatorPaymentSchema>
> & { readonly operator: OperatorIdentity };
