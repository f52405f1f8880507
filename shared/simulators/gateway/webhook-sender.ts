import * as z from 'zod';
import type { Timers } from '../../config/timers.ts';
import type { Post } from '../../lambda/http-delivery.ts';
import { signedHeaders } from '../../lambda/webhook-signature.ts';
import type { News } from './webhook-events.ts';

/** PUT /webhook-endpoint: where webhooks go from then on, and the key that they are signed with, in base64. */
export const endpointBody = z.strictObject({ url: z.url(), key: z.base64().min(32) });

type Endpoint = z.infer<typeof endpointBody>;

/** A webhook, and what came of each try to send it: `taken`, or why it was not. */
export interface SentWebhook extends Omit<News, 'at'> {
  readonly tries: readonly string[];
}

export interface Webhooks {
  readonly register: (endpoint: Endpoint) => void;
  readonly tell: (news: readonly News[]) => void;
  /** Those about a reference, in the order in which they were first sent. */
  readonly sent: (reference: string) => readonly SentWebhook[];
}

/** As PGs do, but for seconds and not for days. */
const sendAgainAfterMs = [500, 1_000, 2_000, 4_000, 8_000];

/** Sends each webhook at its time to the endpoint that there is by then, and again until it is taken. Without an endpoint nothing is sent. */
export const webhooks = ({ timers, post }: { timers: Timers; post: Post }): Webhooks => {
  let endpoint: Endpoint | undefined;
  const sent = new Map<string, SentWebhook[]>();

  const tried = async ({ id, type, reference }: News, { url, key }: Endpoint): Promise<string> => {
    const body = JSON.stringify({ type, data: { reference } });
    const headers = signedHeaders({ id, at: timers.now(), body }, key);

    return post({ url, headers, body }).then(
      () => 'taken',
      (error: Error) => error.message,
    );
  };
  const send = async (news: News, tries: string[] = []): Promise<void> => {
    if (endpoint === undefined) return;
    if (tries.length === 0) {
      const { at, ...webhook } = news;
      const { reference } = webhook;
      sent.set(reference, [...(sent.get(reference) ?? []), { ...webhook, tries }]);
    }
    tries.push(await tried(news, endpoint));
    const pause = sendAgainAfterMs[tries.length - 1];
    if (tries.at(-1) === 'taken' || pause === undefined) return;
    timers.after(pause, () => void send(news, tries));
  };

  return {
    register: (given) => {
      endpoint = given;
    },
    tell: (news) => {
      const now = timers.now().getTime();
      for (const one of news) timers.after(Math.max(one.at - now, 0), () => void send(one));
    },
    sent: (reference) => sent.get(reference) ?? [],
  };
};
