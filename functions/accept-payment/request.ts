import { z } from 'zod';

/** POST /payments. The price is the order's; `expectedAmount` is only ever compared with it. */
export const acceptBody = z.strictObject({
  orderId: z.string().min(1).max(64),
  paymentMethod: z.string().min(1).max(64),
  expectedAmount: z.int().nonnegative().optional(),
});

export interface AcceptRequest {
  readonly buyer: string;
  readonly key: string;
  readonly body: z.infer<typeof acceptBody>;
}
