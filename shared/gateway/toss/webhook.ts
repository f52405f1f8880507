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
  // Of a virtual account, and without an envelope.
  z.object({ transactionKey: z.string(), orderId: z.string().min(1).max(255) }),
]);

/**
 * Webhooks of Toss Payments. It signs those about payouts and sellers, and none about a payment: anybody could have sent this one. The
 * PG's own answer decides as ever, and an orderId cannot be guessed; what is left is that somebody who knows one has us ask.
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
