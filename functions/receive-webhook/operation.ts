import * as z from 'zod';
import { alice, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';

const webhook = z
  .looseObject({
    type: z.string().meta({ description: 'Type of the event, such as `charge.done`.' }),
    data: z
      .looseObject({ reference: z.string().meta({ description: 'ID of the payment.' }) })
      .meta({ description: 'The object concerned.' }),
  })
  .meta({
    id: 'Webhook',
    description: 'A webhook of the gateway simulator. Other gateways have their own format.',
  });

const received = z
  .strictObject({ received: z.literal(true).meta({ description: 'Always true.' }) })
  .meta({ id: 'Received', description: 'Receipt of a webhook.' });

export type ReceivedBody = z.infer<typeof received>;

const body = { type: 'charge.done', data: { reference: alice.paymentId } };
const headers = { 'Webhook-Id': 'evt_1', 'Webhook-Timestamp': '1795424405' };

export const operation: Operation = {
  tag: 'Service',
  summary: 'Receive a payment gateway webhook',
  description:
    'For the gateway alone. A webhook triggers an inquiry; its contents are not trusted. ' +
    'It must be signed by the [Standard Webhooks](https://www.standardwebhooks.com) specification or that of the gateway, with a timestamp within 300 s. A duplicate is ignored.',
  headers: ['Webhook-Id', 'Webhook-Timestamp', 'Webhook-Signature'],
  body: webhook,
  isLenient: true,
  responses: {
    200: { description: 'The webhook is received.', schema: received },
  },
  problems: ['invalid-request', 'unauthorized', 'payload-too-large', 'idempotency-key-in-flight'],
  examples: {
    received: {
      summary: 'Completed charge',
      fixture: 'completed',
      headers: { ...headers, 'Webhook-Signature': 'v1,...' },
      body,
      response: { status: 200, body: { received: true } satisfies ReceivedBody },
    },
    unsigned: {
      summary: 'Invalid signature',
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
