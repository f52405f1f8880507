import { createHash } from 'node:crypto';
import Stripe from 'stripe';
import * as z from 'zod';
import { parseJson } from '../../domain/json.ts';
import {
  isWithinTolerance,
  type ReadWebhook,
  toleranceSeconds,
  type WebhookReference,
} from '../webhook.ts';

interface SignedContent {
  readonly text: string;
  readonly header: string;
  readonly now: Date;
}

/**
 * Reads webhooks signed by Stripe, verified by its SDK. Also refuses timestamps in the future, which the SDK
 * accepts.
 *
 * The SDK signs text: a body that is not valid UTF-8 is not what Stripe sent.
 */
export const readStripeWebhook: ReadWebhook = async ({ headers, body }, secrets, now) => {
  const header = headers['stripe-signature'] ?? '';
  const [timestamp, ...more] = [...header.matchAll(/(?<=^|,)t=(\d{1,12})(?=,|$)/g)];
  if (timestamp === undefined || more.length > 0) return { refused: 'headers' };
  if (!isWithinTolerance(Number(timestamp[1]), now)) return { refused: 'timestamp' };
  const text = body.toString('utf8');
  const isSigned =
    Buffer.from(text).equals(body) &&
    secrets.some((secret) => hasValidSignature(secret, { text, header, now }));

  return isSigned ? parseWebhook(text) : { refused: 'signature' };
};

const hasValidSignature = (secret: string, { text, header, now }: SignedContent): boolean => {
  try {
    const { signature } = Stripe.webhooks;

    return (
      signature?.verifyHeader(text, header, secret, toleranceSeconds, undefined, now.getTime()) ??
      false
    );
  } catch {
    // The SDK throws for a wrong signature, and other errors for a malformed one.
    return false;
  }
};

const eventIdSchema = z.object({ id: z.string().min(1).max(255) });

/**
 * Events about a PaymentIntent, a charge, a refund or a dispute. Objects that we created carry our reference
 * in their metadata, and so does a charge, from its intent. A refund made in the dashboard and a dispute name
 * only the intent.
 */
const chargeEventSchema = z.object({
  type: z.string().regex(/^(payment_intent|charge|refund)\./),
  data: z.object({
    object: z.object({
      metadata: z
        .object({ reference: z.string().min(1).max(255).optional().catch(undefined) })
        .nullish(),
      payment_intent: z
        .string()
        .regex(/^pi_\w{1,250}$/)
        .nullish()
        .catch(undefined),
    }),
  }),
});

const parseWebhook = (text: string): WebhookReference => {
  const json = parseJson(text);
  const { metadata, payment_intent: transactionId } =
    chargeEventSchema.safeParse(json).data?.data.object ?? {};
  const reference = metadata?.reference;

  return {
    id: eventIdSchema.safeParse(json).data?.id ?? createHash('sha256').update(text).digest('hex'),
    ...(reference !== undefined && { reference }),
    ...(reference === undefined && transactionId && { transactionId }),
  };
};
