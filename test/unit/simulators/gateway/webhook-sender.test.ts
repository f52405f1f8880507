import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createManualTimers } from '../../../../shared/gateway/conformance/manual-timers.ts';
import type { OutboundRequest } from '../../../../shared/lambda/http-delivery.ts';
import { createMemoryStore } from '../../../../shared/simulators/document-store.ts';
import { createGatewaySimulator } from '../../../../shared/simulators/gateway/gateway-simulator.ts';
import { createPlainClient, toComparable } from '../../../support/fakes/plain-http-client.ts';
import { aSimulator, endpoint, key } from './webhook-harness.ts';

describe('webhooks of the gateway simulator', () => {
  it.each([
    ['sim_approve', 'charge.done'],
    ['sim_wrong_amount', 'charge.done'],
    ['sim_timeout_after_effect', 'charge.done'],
    ['sim_decline', 'charge.aborted'],
  ])('sends for %s a signed %s', async (paymentMethod, type) => {
    const pg = await aSimulator();

    await pg.charge(paymentMethod);
    await pg.advance(0);

    const [webhook] = pg.requests;
    expect(pg.requests).toHaveLength(1);
    expect(webhook).toMatchObject({ url: endpoint.url });
    expect(JSON.parse(webhook?.body ?? '')).toEqual({ type, data: { reference: 'p-1' } });
    expect(await pg.read(webhook as OutboundRequest)).toMatchObject({ reference: 'p-1' });
  });

  it.each(['sim_timeout_before_effect', 'sim_unlisted_code'])(
    'sends nothing for %s, which charges nothing',
    async (paymentMethod) => {
      const pg = await aSimulator();

      await pg.charge(paymentMethod);
      await pg.advance(60_000);

      expect(pg.requests).toEqual([]);
    },
  );

  it.each([
    ['sim_approve_slow', 5_000],
    ['sim_in_progress', 10_000],
    ['sim_late_approve', 20_000],
    ['sim_decline_late_approve', 20_000],
    ['sim_webhook_late', 5_000],
  ])('sends the webhook of %s after %i ms', async (paymentMethod, ms) => {
    const pg = await aSimulator();
    await pg.charge(paymentMethod);

    await pg.advance(ms - 1);
    const before = pg.webhooks();
    await pg.advance(1);

    expect(before).toEqual([]);
    expect(pg.webhooks()).toEqual([[expect.any(String), 'charge.done']]);
  });

  it('sends refund.done for any refund, and refund.failed if it fails later', async () => {
    const pg = await aSimulator();
    const money = { reference: 'p-1', amount: 100, currency: 'KRW' };
    const refund = (key: string) => pg.client.post('/refunds', money, { 'idempotency-key': key });
    await pg.charge('sim_refund_fails_later');

    await refund('dashboard-1');
    await refund('dashboard-1');
    await pg.advance(0);
    const types = () => pg.webhooks().map(([, type]) => type);

    expect(types()).toEqual(['charge.done', 'refund.done']);
    await pg.advance(5_000);
    expect(types()).toEqual(['charge.done', 'refund.done', 'refund.failed']);
    for (const webhook of pg.requests) {
      expect(await pg.read(webhook)).toMatchObject({ reference: 'p-1' });
    }
  });

  it('sends one webhook for a repeated charge, two for two charges', async () => {
    const pg = await aSimulator();

    await pg.charge('sim_approve');
    await pg.charge('sim_approve');
    await pg.charge('sim_approve', 'chg:p-1:2');
    await pg.advance(0);

    const ids = pg.webhooks().map(([id]) => id);
    expect(new Set(ids).size).toBe(2);
    expect(ids).toHaveLength(2);
  });

  it('sends nothing for a charge with notify false', async () => {
    const pg = await aSimulator();

    await pg.charge('sim_approve', 'chg:p-1:1', { notify: false });
    await pg.advance(60_000);

    expect(pg.requests).toEqual([]);
  });

  it('sends one webhook for a cancelled reference', async () => {
    const pg = await aSimulator();

    await pg.cancel();
    await pg.cancel();
    await pg.advance(0);

    expect(pg.webhooks()).toEqual([[expect.any(String), 'charge.aborted']]);
  });

  it('sends sim_webhook_twice twice under one id', async () => {
    const pg = await aSimulator();

    await pg.charge('sim_webhook_twice');
    await pg.advance(0);

    const [[first], [second]] = pg.webhooks() as [string[], string[]];
    expect(pg.requests).toHaveLength(2);
    expect(first).toBe(second);
  });

  it('sends the webhooks of sim_webhook_out_of_order in the wrong order', async () => {
    const pg = await aSimulator();

    await pg.charge('sim_webhook_out_of_order');
    await pg.advance(0);
    await pg.advance(50);

    expect(pg.webhooks().map(([, type]) => type)).toEqual(['charge.done', 'charge.aborted']);
  });

  it('retries until delivered, each time with a new timestamp', async () => {
    const pg = await aSimulator({ failures: 2 });

    await pg.charge('sim_approve');
    for (const ms of [0, 499, 1, 1_000, 60_000]) await pg.advance(ms);

    expect(new Set(pg.webhooks().map(([id]) => id)).size).toBe(1);
    expect(new Set(pg.requests.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(2);
    expect(await pg.sent()).toMatchObject({
      body: {
        webhooks: [
          {
            type: 'charge.done',
            attempts: ['api.test answered 503', 'api.test answered 503', 'delivered'],
          },
        ],
      },
    });
  });

  it('gives up after six attempts', async () => {
    const pg = await aSimulator({ failures: 100 });

    await pg.charge('sim_approve');
    for (let times = 0; times < 10; times += 1) await pg.advance(60_000);

    expect(pg.requests).toHaveLength(6);
  });

  it('sends to the endpoint registered last', async () => {
    const pg = await aSimulator();
    await pg.charge('sim_in_progress');

    await pg.client.put('/webhook-endpoint', { ...endpoint, url: 'https://api.test/other' });
    await pg.advance(10_000);

    expect(pg.requests).toMatchObject([{ url: 'https://api.test/other' }]);
  });

  it('sends nothing without a registered endpoint', async () => {
    const pg = await aSimulator({ registered: false });

    await pg.charge('sim_approve');
    await pg.advance(60_000);

    expect(pg.requests).toEqual([]);
    expect(await pg.sent()).toMatchObject({ body: { webhooks: [] } });
  });

  it.each([{ url: 'nowhere', key }, { url: endpoint.url, key: 'short' }, {}])(
    'rejects the endpoint %j',
    async (body) => {
      const pg = await aSimulator();

      expect(toComparable(await pg.client.put('/webhook-endpoint', body))).toMatchObject({
        status: 400,
      });
    },
  );

  it('rejects an endpoint if nothing can be sent in the background', async () => {
    const timers = createManualTimers();
    const client = createPlainClient(
      createGatewaySimulator({
        accounts: createMemoryStore(),
        keys: createMemoryStore(),
        clock: timers,
        randomId: randomUUID,
      }),
    );

    expect(toComparable(await client.put('/webhook-endpoint', endpoint))).toMatchObject({
      status: 404,
    });
  });
});
