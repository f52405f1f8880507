import * as z from 'zod';
import type { KeyedRequest } from '../../shared/http/once-per-key.ts';

/** POST /payments. The price is the order's; `expectedAmount` is only ever compared with it. */
export const acceptBody = z.strictObject({
  orderId: z.string().min(1).max(64),
  paymentMethod: z.string().min(1).max(64),
  expectedAmount: z.int().nonnegative().optional(),
});

export type AcceptRequest = KeyedRequest<z.infer<typeof acceptBody>>;
