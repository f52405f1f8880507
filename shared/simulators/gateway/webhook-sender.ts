import * as z from 'zod';
import type { Timers } from '../../config/timers.ts';
import type { PostJson } from '../../lambda/http-delivery.ts';
import { signedHeaders } from '../../lambda/webhook-signature.ts';
import type { WebhookEvent } from './webhook-events.ts';

/** PUT /webhook-endpoint: where webhooks go from then on, and the key that they are signed with, in base64. */
export const webhookEndpointBody = z.strictObject({ url: z.url(), key: z.base64().min(32) });

type Endpoint = z.infer<typeof webhookEndpointBody>;

/** A webhook, and what came of each try to send it: `taken`, or why it was not. */
export interface SentWebhook extends Omit<WebhookEvent, 'at'> {
  readonly tries: readonly string[];
}

export interface WebhookSender {
  readonly register: (endpoint: Endpoint) => void;
  readonly schedule: (news: readonly WebhookEvent[]) => void;
  /** Those about a reference, in the order in which they were first sent. */
  readonly sent: (reference: string) => readonly SentWebhook[];
}

/** As PGs do, but for seconds and not for days. */
const retryDelaysMs = [500, 1_000, 2_000, 4_000, 8_000];

/** Sends each webhook at its time to the endpoint that there is by then, and again until it is taken. Without an endpoint nothing is sent. */
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
      () => 'taken',
      (error: Error) => error.message,
    );
  };
  const send = async (toSend: WebhookEvent, attempts: string[] = []): Promise<void> => {
    if (endpoint === undefined) return;
    if (attempts.length === 0) {
      const { at, ...webhook } = toSend;
      const { reference } = webhook;
      sent.set(reference, [...(sent.get(reference) ?? []), { ...webhook, tries: attempts }]);
    }
    attempts.push(await attempt(toSend, endpoint));
    const delayMs = retryDelaysMs[attempts.length - 1];
    if (attempts.at(-1) === 'taken' || delayMs === undefined) return;
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
