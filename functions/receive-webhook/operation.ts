import * as z from 'zod';
import { alice, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';

const webhook = z
  .looseObject({ type: z.string(), data: z.looseObject({ reference: z.string() }) })
  .meta({
    id: 'Webhook',
    description: "As the simulated gateway sends it; a real one's is its own.",
  });

const received = z.strictObject({ received: z.literal(true) }).meta({ id: 'Received' });

export type ReceivedBody = z.infer<typeof received>;

const body = { type: 'charge.done', data: { reference: alice.paymentId } };
const headers = { 'Webhook-Id': 'evt_1', 'Webhook-Timestamp': '1795424405' };

export const operation: Operation = {
  tag: 'Service',
  summary: 'Hear of the payment gateway that it has news',
  description:
    'For the gateway alone. Signed after the [Standard Webhooks](https://www.standardwebhooks.com) specification over the bytes of the body, within 300 s before or after; ' +
    'another gateway signs as it documents. What the body says of the charge is not believed: it has the gateway asked. The same id again does nothing.',
  headers: ['Webhook-Id', 'Webhook-Timestamp', 'Webhook-Signature'],
  body: webhook,
  isLenient: true,
  responses: {
    200: { description: 'It was received, whatever it was about.', schema: received },
  },
  problems: ['invalid-request', 'unauthorized', 'payload-too-large', 'idempotency-key-in-flight'],
  examples: {
    received: {
      summary: 'A charge is done',
      fixture: 'completed',
      headers: { ...headers, 'Webhook-Signature': 'v1,...' },
      body,
      response: { status: 200, body: { received: true } satisfies ReceivedBody },
    },
    unsigned: {
      summary: 'Somebody says so who has not the key',
      fixture: 'completed',
      headers: { ...headers, 'Webhook-Signature': 'v1,bm90IHRoZSBzaWduYXR1cmU=' },
      body,
      response: rejectionExample('/webhooks/pg', {
        code: 'unauthorized',
        detail: 'The webhook is not authentic: check its timestamp.',
        challenge: 'Webhook-Signature',
      }),
    },
  },
};
