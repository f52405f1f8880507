import { Webhook } from 'standardwebhooks';

interface Message {
  /** The same for every delivery attempt. */
  readonly id: string;
  readonly at: Date;
  readonly body: string;
}

/** The headers of a signed webhook (Standard Webhooks). `key` is Base64. */
export const signedHeaders = ({ id, at, body }: Message, key: string) => ({
  'content-type': 'application/json',
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
  'webhook-signature': new Webhook(key).sign(id, at, body),
});
