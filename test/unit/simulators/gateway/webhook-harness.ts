import { randomBytes, randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createManualTimers } from '../../../../shared/gateway/conformance/manual-timers.ts';
import { readSimulatorWebhook } from '../../../../shared/gateway/simulator/webhook.ts';
import {
  DeliveryFailedError,
  type OutboundRequest,
} from '../../../../shared/lambda/http-delivery.ts';
import { createMemoryStore } from '../../../../shared/simulators/document-store.ts';
import { createGatewaySimulator } from '../../../../shared/simulators/gateway/gateway-simulator.ts';
import { createWebhookSender } from '../../../../shared/simulators/gateway/webhook-sender.ts';
import { createPlainBrowser } from '../../../support/fakes/browser.ts';
import { createPlainClient, toComparable } from '../../../support/fakes/plain-http-client.ts';

export const key = randomBytes(24).toString('base64');
export const endpoint = { url: 'https://api.test/webhooks/pg', key };

/** A simulator and the requests to its webhook endpoint, whose first `failures` requests fail. */
export const aSimulator = async ({ failures = 0, registered = true } = {}) => {
  const timers = createManualTimers();
  const money = { reference: 'p-1', amount: 1_000, currency: 'KRW' };
  const requests: OutboundRequest[] = [];
  const post = async (outgoing: OutboundRequest) => {
    requests.push(outgoing);
    if (requests.length <= failures) throw new DeliveryFailedError('api.test answered 503');
  };
  const simulator = createGatewaySimulator({
    accounts: createMemoryStore(),
    keys: createMemoryStore(),
    clock: timers,
    randomId: randomUUID,
    webhooks: createWebhookSender({ timers, post }),
  });
  const client = createPlainClient(simulator);
  const charge = (paymentMethod: string, chargeKey = 'chg:p-1:1', change: object = {}) =>
    client.post(
      '/charges',
      { ...money, paymentMethod, ...change },
      { 'idempotency-key': chargeKey },
    );
  if (registered) await client.put('/webhook-endpoint', endpoint);

  return {
    client,
    requests,
    webhooks: () =>
      requests.map(({ headers, body }) => [headers['webhook-id'], JSON.parse(body).type as string]),
    /** Advances the time and waits for the requests that are due. */
    advance: async (ms: number) => {
      timers.advance(ms);
      await nextTurn();
    },
    read: ({ headers, body }: OutboundRequest) =>
      readSimulatorWebhook({ headers, body: Buffer.from(body) }, [key], timers.now()),
    charge,
    /** Charges, and opens the page for the buyer. */
    openChallenge: async (paymentMethod: string) => {
      const { body } = toComparable(await charge(paymentMethod)) as { body: { url: string } };

      return createPlainBrowser(simulator).open(body.url);
    },
    cancel: () =>
      client.post('/cancellations', { reference: 'p-1' }, { 'idempotency-key': 'cnl:p-1' }),
    sent: async () => toComparable(await client.get('/webhooks?reference=p-1')),
  };
};
