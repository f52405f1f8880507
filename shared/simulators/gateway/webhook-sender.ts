import * as z from 'zod';
import type { Timers } from '../../domain/time.ts';
import type { PostJson } from '../../lambda/http-delivery.ts';
import { signedHeaders } from '../../lambda/webhook-signature.ts';
import type { WebhookEvent } from './webhook-events.ts';

/** The body of PUT /webhook-endpoint: the URL for webhooks from then on, and their signing key in base64. */
export const webhookEndpointBody = z.strictObject({ url: z.url(), key: z.base64().min(32) });

type Endpoint = z.infer<typeof webhookEndpointBody>;

/** A webhook and the result of each delivery attempt: `delivered`, or the error. */
export interface SentWebhook extends Omit<WebhookEvent, 'at'> {
  readonly attempts: readonly string[];
}

export interface WebhookSender {
  readonly register: (endpoint: Endpoint) => void;
  readonly schedule: (events: readonly WebhookEvent[]) => void;
  /** The webhooks about a reference, in the order of their first attempts. */
  readonly sent: (reference: string) => readonly SentWebhook[];
}

/** The backoff between attempts: real gateways retry for days, the simulator for seconds. */
const retryDelaysMs = [500, 1_000, 2_000, 4_000, 8_000];

/**
 * Sends each webhook at its time to the endpoint registered by then, and retries until it is delivered.
 * Without an endpoint it sends nothing.
 */
export const createWebhookSender = ({
  timers,
  post,
}: {
  timers: Timers;
  post: PostJson;
}): WebhookSender => {
  let endpoint: Endpoint | undefined;
  const sent = new Map<string, SentWebhook[]>();

  const attempt = async (
    { id, type, reference }: WebhookEvent,
    { url, key }: Endpoint,
  ): Promise<string> => {
    const body = JSON.stringify({ type, data: { reference } });
    const headers = signedHeaders({ id, at: timers.now(), body }, key);

    return post({ url, headers, body }).then(
      () => 'delivered',
      (error: Error) => error.message,
    );
  };
  const send = async (toSend: WebhookEvent, attempts: string[] = []): Promise<void> => {
    if (endpoint === undefined) return;
    if (attempts.length === 0) {
      const { at, ...webhook } = toSend;
      const { reference } = webhook;
      sent.set(reference, [...(sent.get(reference) ?? []), { ...webhook, attempts }]);
    }
    attempts.push(await attempt(toSend, endpoint));
    const delayMs = retryDelaysMs[attempts.length - 1];
    if (attempts.at(-1) === 'delivered' || delayMs === undefined) return;
    timers.after(delayMs, () => void send(toSend, attempts));
  };

  return {
    register: (given) => {
      endpoint = given;
    },
    schedule: (toSend) => {
      const now = timers.now().getTime();
      for (const event of toSend) timers.after(Math.max(event.at - now, 0), () => void send(event));
    },
    sent: (reference) => sent.get(reference) ?? [],
  };
};
