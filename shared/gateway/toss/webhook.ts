import { createHash } from 'node:crypto';
import * as z from 'zod';
import { parseJson } from '../../domain/json.ts';
import type { ReadWebhook } from '../webhook.ts';

/** The webhooks of payments that Toss documents: `orderId` is our reference. */
const paymentEventSchema = z.union([
  z.object({
    eventType: z.enum(['PAYMENT_STATUS_CHANGED', 'CANCEL_STATUS_CHANGED']),
    data: z.object({ orderId: z.string().min(1).max(255) }),
  }),
  // A virtual account's webhook has no envelope.
  z.object({ transactionKey: z.string(), orderId: z.string().min(1).max(255) }),
]);

/**
 * Reads webhooks of Toss Payments. Toss signs webhooks about payouts and sellers, but not about payments, so
 * anyone could have sent this one. That is safe: it only triggers an inquiry, and an orderId cannot be
 * guessed.
 */
export const readTossWebhook: ReadWebhook = async ({ headers, body }) => {
  const webhook = paymentEventSchema.safeParse(parseJson(body.toString('utf8'))).data;
  const reference = webhook && ('data' in webhook ? webhook.data.orderId : webhook.orderId);

  return {
    id:
      headers['tosspayments-webhook-transmission-id'] ??
      createHash('sha256').update(body).digest('hex'),
    ...(reference !== undefined && { reference }),
  };
};
