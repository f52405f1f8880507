import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createManualTimers } from '../../../../shared/gateway/conformance/manual-timers.ts';
import { readSimulatorWebhook } from '../../../../shared/gateway/simulator/webhook.ts';
import {
  DeliveryFailedError,
  type OutboundRequest,
} from '../../../../shared/lambda/http-delivery.ts';
import { createMemoryStore } from '../../../../shared/simulators/document-store.ts';
import { createGatewaySimulator } from '../../../../shared/simulators/gateway/gateway-simulator.ts';
import { createWebhookSender } from '../../../../shared/simulators/gateway/webhook-sender.ts';
import { createPlainClient, toComparable } from '../../../support/fakes/plain-http-client.ts';

const key = randomBytes(24).toString('base64');
const endpoint = { url: 'https://api.test/webhooks/pg', key };

/** A simulator, the endpoint that it tells, and what the endpoint says to it: as often as `refusing` it is away. */
const aSimulator = async ({ refusing = 0, registered = true } = {}) => {
  const timers = createManualTimers();
  const got: OutboundRequest[] = [];
  const post = async (outgoing: OutboundRequest) => {
    got.push(outgoing);
    if (got.length <= refusing) throw new DeliveryFailedError('api.test answered 503');
  };
  const client = createPlainClient(
    createGatewaySimulator({
      accounts: createMemoryStore(),
      keys: createMemoryStore(),
      clock: timers,
      webhooks: createWebhookSender({ timers, post }),
    }),
  );
  if (registered) await client.put('/webhook-endpoint', endpoint);
  const money = { reference: 'p-1', amount: 1_000, currency: 'KRW' };

  return {
    client,
    got,
    told: () =>
      got.map(({ headers, body }) => [headers['webhook-id'], JSON.parse(body).type as string]),
    /** Lets what is begun then come to its end, too. */
    pass: async (ms: number) => {
      timers.advance(ms);
      await nextTurn();
    },
    read: ({ headers, body }: OutboundRequest) =>
      readSimulatorWebhook({ headers, body: Buffer.from(body) }, [key], timers.now()),
    charge: (paymentMethod: string, chargeKey = 'chg:p-1:1', wish: object = {}) =>
      client.post(
        '/charges',
        { ...money, paymentMethod, ...wish },
        { 'idempotency-key': chargeKey },
      ),
    cancel: () =>
      client.post('/cancellations', { reference: 'p-1' }, { 'idempotency-key': 'cnl:p-1' }),
    sent: async () => toComparable(await client.get('/webhooks?reference=p-1')),
  };
};

describe('a webhook endpoint of the simulated PG', () => {
  it.each([
    ['sim_approve', 'charge.done'],
    ['sim_wrong_amount', 'charge.done'],
    ['sim_timeout_after_effect', 'charge.done'],
    ['sim_decline', 'charge.aborted'],
  ])('is told of a %s by %s, signed so that we can read it', async (paymentMethod, type) => {
    const pg = await aSimulator();

    await pg.charge(paymentMethod);
    await pg.pass(0);

    const [webhook] = pg.got;
    expect(pg.got).toHaveLength(1);
    expect(webhook).toMatchObject({ url: endpoint.url });
    expect(JSON.parse(webhook?.body ?? '')).toEqual({ type, data: { reference: 'p-1' } });
    expect(await pg.read(webhook as OutboundRequest)).toMatchObject({ reference: 'p-1' });
  });

  it.each(['sim_timeout_before_effect', 'sim_unlisted_code'])(
    'is told nothing of a %s, which is no charge',
    async (paymentMethod) => {
      const pg = await aSimulator();

      await pg.charge(paymentMethod);
      await pg.pass(60_000);

      expect(pg.got).toEqual([]);
    },
  );

  it.each([
    ['sim_approve_slow', 5_000],
    ['sim_in_progress', 10_000],
    ['sim_late_approve', 20_000],
    ['sim_decline_late_approve', 20_000],
    ['sim_webhook_late', 5_000],
  ])('is told of a %s after %i ms', async (paymentMethod, ms) => {
    const pg = await aSimulator();
    await pg.charge(paymentMethod);

    await pg.pass(ms - 1);
    const before = pg.told();
    await pg.pass(1);

    expect(before).toEqual([]);
    expect(pg.told()).toEqual([[expect.any(String), 'charge.done']]);
  });

  it('is told of a refund, whoever asked for it, and once more where it fails later', async () => {
    const pg = await aSimulator();
    const money = { reference: 'p-1', amount: 100, currency: 'KRW' };
    const refund = (key: string) => pg.client.post('/refunds', money, { 'idempotency-key': key });
    await pg.charge('sim_refund_fails_later');

    await refund('dashboard-1');
    await refund('dashboard-1');
    await pg.pass(0);
    const types = () => pg.told().map(([, type]) => type);

    expect(types()).toEqual(['charge.done', 'refund.done']);
    await pg.pass(5_000);
    expect(types()).toEqual(['charge.done', 'refund.done', 'refund.failed']);
    for (const webhook of pg.got) {
      expect(await pg.read(webhook)).toMatchObject({ reference: 'p-1' });
    }
  });

  it('is told once of a charge that is asked for again, and of each of two charges', async () => {
    const pg = await aSimulator();

    await pg.charge('sim_approve');
    await pg.charge('sim_approve');
    await pg.charge('sim_approve', 'chg:p-1:2');
    await pg.pass(0);

    const ids = pg.told().map(([id]) => id);
    expect(new Set(ids).size).toBe(2);
    expect(ids).toHaveLength(2);
  });

  it('is told nothing of a charge that is to be kept from it', async () => {
    const pg = await aSimulator();

    await pg.charge('sim_approve', 'chg:p-1:1', { notify: false });
    await pg.pass(60_000);

    expect(pg.got).toEqual([]);
  });

  it('is told once of a reference that is cancelled', async () => {
    const pg = await aSimulator();

    await pg.cancel();
    await pg.cancel();
    await pg.pass(0);

    expect(pg.told()).toEqual([[expect.any(String), 'charge.aborted']]);
  });

  it('is told twice of a sim_webhook_twice, under one id', async () => {
    const pg = await aSimulator();

    await pg.charge('sim_webhook_twice');
    await pg.pass(0);

    const [[first], [second]] = pg.told() as [string[], string[]];
    expect(pg.got).toHaveLength(2);
    expect(first).toBe(second);
  });

  it('is told of a sim_webhook_out_of_order that it is done, and after that what was before', async () => {
    const pg = await aSimulator();

    await pg.charge('sim_webhook_out_of_order');
    await pg.pass(0);
    await pg.pass(50);

    expect(pg.told().map(([, type]) => type)).toEqual(['charge.done', 'charge.aborted']);
  });

  it('is told again until it takes it, each time with a new time', async () => {
    const pg = await aSimulator({ refusing: 2 });

    await pg.charge('sim_approve');
    for (const ms of [0, 499, 1, 1_000, 60_000]) await pg.pass(ms);

    expect(new Set(pg.told().map(([id]) => id)).size).toBe(1);
    expect(new Set(pg.got.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(2);
    expect(await pg.sent()).toMatchObject({
      body: {
        webhooks: [
          {
            type: 'charge.done',
            tries: ['api.test answered 503', 'api.test answered 503', 'delivered'],
          },
        ],
      },
    });
  });

  it('is given up after six tries', async () => {
    const pg = await aSimulator({ refusing: 100 });

    await pg.charge('sim_approve');
    for (let times = 0; times < 10; times += 1) await pg.pass(60_000);

    expect(pg.got).toHaveLength(6);
  });

  it('may be another one meanwhile', async () => {
    const pg = await aSimulator();
    await pg.charge('sim_in_progress');

    await pg.client.put('/webhook-endpoint', { ...endpoint, url: 'https://api.test/other' });
    await pg.pass(10_000);

    expect(pg.got).toMatchObject([{ url: 'https://api.test/other' }]);
  });

  it('is nobody who did not register', async () => {
    const pg = await aSimulator({ registered: false });

    await pg.charge('sim_approve');
    await pg.pass(60_000);

    expect(pg.got).toEqual([]);
    expect(await pg.sent()).toMatchObject({ body: { webhooks: [] } });
  });

  it.each([{ url: 'nowhere', key }, { url: endpoint.url, key: 'short' }, {}])(
    'is refused as %j',
    async (body) => {
      const pg = await aSimulator();

      expect(toComparable(await pg.client.put('/webhook-endpoint', body))).toMatchObject({
        status: 400,
      });
    },
  );

  it('cannot be registered where nothing is sent in the background', async () => {
    const timers = createManualTimers();
    const client = createPlainClient(
      createGatewaySimulator({
        accounts: createMemoryStore(),
        keys: createMemoryStore(),
        clock: timers,
      }),
    );

    expect(toComparable(await client.put('/webhook-endpoint', endpoint))).toMatchObject({
      status: 404,
    });
  });
});
