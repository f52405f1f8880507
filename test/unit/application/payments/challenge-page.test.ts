import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { handleWebhook } from '../../../../functions/receive-webhook/handler.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { createManualTimers } from '../../../../shared/gateway/conformance/manual-timers.ts';
import { createSimulatorGateway } from '../../../../shared/gateway/simulator/adapter.ts';
import { readSimulatorWebhook } from '../../../../shared/gateway/simulator/webhook.ts';
import type { OutboundRequest } from '../../../../shared/lambda/http-delivery.ts';
import { DeferredError } from '../../../../shared/lambda/message-deferral.ts';
import { createMemoryStore } from '../../../../shared/simulators/document-store.ts';
import { createGatewaySimulator } from '../../../../shared/simulators/gateway/gateway-simulator.ts';
import type { Listing } from '../../../../shared/simulators/gateway/listing.ts';
import { createWebhookSender } from '../../../../shared/simulators/gateway/webhook-sender.ts';
import { noon } from '../../../support/builders/builders.ts';
import { createPlainBrowser } from '../../../support/fakes/browser.ts';
import { sendToPlainServer } from '../../../support/fakes/plain-exchange.ts';
import { createPlainClient, toComparable } from '../../../support/fakes/plain-http-client.ts';
import { actionExpiryMs, createPaymentHarness } from '../../../support/harness/payment-harness.ts';
import { paymentId, tenders } from '../../../support/harness/tea-order.ts';

const endpoint = {
  url: 'https://api.test/webhooks/pg',
  key: randomBytes(24).toString('base64'),
};

/** A deferred message is delivered again later. */
const ignoreDeferral = (error: unknown) => {
  if (!(error instanceof DeferredError)) throw error;
};

/** Alice has paid with a method of the simulator that opens a page. */
const aChallenge = async (paymentMethod: string) => {
  const timers = createManualTimers(noon.getTime());
  const sent: OutboundRequest[] = [];
  const simulator = createGatewaySimulator({
    accounts: createMemoryStore(),
    keys: createMemoryStore(),
    clock: timers,
    randomId: randomUUID,
    webhooks: createWebhookSender({ timers, post: async (request) => void sent.push(request) }),
  });
  const client = createPlainClient(simulator);
  await client.put('/webhook-endpoint', endpoint);
  const gateway = createSimulatorGateway({
    url: 'http://pg.test',
    timeoutMs: 8_000,
    timers,
    exchange: sendToPlainServer(simulator),
  });
  const harness = createPaymentHarness({ turn: async () => {}, gateway, timers, paymentMethod });
  const receive = handleWebhook({
    payments: { find: harness.find },
    requestInquiry: async () => {
      await harness.request('webhook').catch(ignoreDeferral);

      return true;
    },
    referenceOf: async () => undefined,
  });
  await harness.accept();
  await harness.charge();
  const page = await createPlainBrowser(simulator).open(`${harness.payment().action?.url}`);

  return {
    ...harness,
    page,
    /** Delivers the webhooks that the simulator has sent since. */
    async deliverWebhooks() {
      timers.advance(0);
      for (const { headers, body } of sent.splice(0)) {
        const raw = { headers, body: Buffer.from(body) };
        const webhook = await readSimulatorWebhook(raw, [endpoint.key], timers.now());
        if ('refused' in webhook) throw new Error(`refused: ${webhook.refused}`);
        await receive(webhook);
      }
    },
    async atGateway() {
      const { body } = toComparable(await client.get(`/charges?reference=${paymentId}`)) as {
        body: Listing;
      };

      return {
        captured: body.charges.map(({ amount }) => amount),
        refunded: body.refunds.map(({ amount }) => amount),
      };
    },
  };
};

const charged = { captured: [tenders.gateway], refunded: [] };
const notCharged = { captured: [], refunded: [] };
const stagesOf = ({ history }: Payment) => history.map(({ to }) => to);

describe('payment whose buyer the simulator sends to its page', () => {
  it.each(['sim_challenge', 'sim_challenge_twice'])(
    'is completed by the webhook after the buyer approves: %s',
    async (paymentMethod) => {
      const { page, payment, deliverWebhooks, atGateway } = await aChallenge(paymentMethod);
      expect(payment().status).toBe('REQUIRES_ACTION');
      expect(await atGateway()).toEqual(notCharged);

      await page.press('Approve');
      await deliverWebhooks();

      expect(stagesOf(payment())).toEqual(['RESERVED', 'CHARGING', 'REQUIRES_ACTION', 'COMPLETED']);
      expect(payment().history.at(-1)).toMatchObject({ trigger: { source: 'webhook' } });
      expect(await atGateway()).toEqual(charged);
    },
  );

  it('fails by the webhook after the buyer declines, and everything is back', async () => {
    const { page, payment, deliverWebhooks, deliverAll, end, atGateway } =
      await aChallenge('sim_challenge');

    await page.press('Decline');
    await deliverWebhooks();
    expect(payment()).toMatchObject({
      status: 'FAILED',
      failure: { code: 'authentication-failed' },
    });

    await deliverAll();
    expect(end()).toEqual({
      payment: 'COMPENSATED',
      order: 'CANCELLED',
      available: tenders.balance,
      stock: 2,
    });
    expect(await atGateway()).toEqual(notCharged);
  });

  it('is completed by the return of the buyer if the webhook is lost', async () => {
    const { page, payment, request, atGateway } = await aChallenge('sim_challenge');

    await page.press('Approve');
    await request('buyer');

    expect(payment().status).toBe('COMPLETED');
    expect(payment().history.at(-1)).toMatchObject({ trigger: { source: 'buyer' } });
    expect(await atGateway()).toEqual(charged);
  });

  it('expires if the buyer abandons the page, and cannot be approved afterwards', async () => {
    const { page, payment, pass, inquire, deliverWebhooks, deliverAll, end, atGateway } =
      await aChallenge('sim_challenge');

    pass(actionExpiryMs);
    await inquire().catch(() => {});
    expect(payment()).toMatchObject({
      status: 'FAILED',
      failure: { code: 'authentication-expired' },
    });
    await page.press('Approve');
    await deliverWebhooks();

    await deliverAll();
    expect(end()).toMatchObject({ payment: 'COMPENSATED', available: tenders.balance });
    expect(await atGateway()).toEqual(notCharged);
  });

  it('is refunded once if the page lets the buyer approve after the expiry', async () => {
    const { page, pass, inquire, deliverAll, end, atGateway } =
      await aChallenge('sim_challenge_late');

    pass(actionExpiryMs);
    await inquire().catch(() => {});
    await page.press('Approve');
    await deliverAll();

    expect(end()).toMatchObject({ payment: 'REVERSED', available: tenders.balance, stock: 2 });
    expect(await atGateway()).toEqual({ ...charged, refunded: [tenders.gateway] });
  });

  it('is cancelled at the gateway as soon as the buyer cancels it', async () => {
    const { page, payment, cancel, atGateway } = await aChallenge('sim_challenge');

    await cancel('c-1');
    await page.press('Approve');

    expect(payment()).toMatchObject({ status: 'FAILED', failure: { code: 'cancelled-by-buyer' } });
    expect(await atGateway()).toEqual(notCharged);
  });
});
