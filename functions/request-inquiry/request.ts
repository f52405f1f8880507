import * as z from 'zod';
import { operatorReasonSchema } from '../../shared/http/operator-reason.ts';

/** POST /operator/payments/{paymentId}/inquire. */
export const requestInquirySchema = z.strictObject({ reason: operatorReasonSchema });
