import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { handleWebhook, receiveWebhook } from '../../../../functions/receive-webhook/handler.ts';
import type { ReadSecretVersions } from '../../../../shared/config/rotating-secret.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { readSimulatorWebhook } from '../../../../shared/gateway/simulator/webhook.ts';
import type { WebhookReference } from '../../../../shared/gateway/webhook.ts';
import { verifyWebhook } from '../../../../shared/gateway/webhook-reader.ts';
import { httpHandler } from '../../../../shared/http/http-handler.ts';
import { idempotent } from '../../../../shared/lambda/idempotency.ts';
import { signedHeaders } from '../../../../shared/lambda/webhook-signature.ts';
import { apiGatewayEvent } from '../../../support/builders/api-gateway-event.ts';
import { noon } from '../../../support/builders/builders.ts';
import { createMemoryIdempotencyTable } from '../../../support/fakes/memory-idempotency-table.ts';
import { invokeHandler } from '../../../support/harness/invoke-handler.ts';
import { anUnknownPayment } from '../inquire-payment/harness.ts';

const aKey = () => randomBytes(24).toString('base64');
const payment = anUnknownPayment();
const { paymentId } = payment;

interface Keys {
  readonly cached?: readonly string[];
  readonly current?: readonly string[];
}

/**
 * The route over one payment with an unknown outcome. `cached` are the cached signing keys, `current` the
 * current ones.
 */
const aRoute = ({ cached = [aKey()], current = cached }: Keys = {}) => {
  const records = createMemoryIdempotencyTable();
  const requested: Payment[] = [];
  const world = {
    requested,
    records,
    reads: 0,
    requestInquiry: async (one: Payment) => requested.push(one) > 0,
  };
  const secret: ReadSecretVersions = async (age) => {
    if (age === undefined) return cached;
    world.reads += 1;

    return current;
  };
  const handler = httpHandler(
    receiveWebhook({
      read: verifyWebhook(readSimulatorWebhook, { secret, clock: { now: () => noon } }),
      handle: idempotent(
        { ...records.store, name: 'receive-webhook', keyOf: ({ id }: WebhookReference) => id },
        handleWebhook({
          payments: { find: async (id) => (id === paymentId ? payment : undefined) },
          requestInquiry: (one) => world.requestInquiry(one),
          referenceOf: async () => undefined,
        }),
      ),
    }),
  );
  const [key = ''] = cached;

  return {
    world,
    post: (
      body: object | string,
      { id = 'evt_1', at = noon, signedWith = key, isEncoded = false } = {},
    ) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const headers = signedHeaders({ id, at, body: text }, signedWith);
      const event = apiGatewayEvent({ method: 'POST', path: '/webhooks/pg', headers, body: text });
      const encoded = { body: Buffer.from(text).toString('base64'), isBase64Encoded: true };

      return invokeHandler(handler, { ...event, ...(isEncoded && encoded) });
    },
  };
};

const about = (reference: string, type = 'charge.done') => ({ type, data: { reference } });
const received = { status: 200, body: { received: true } };
const refused = { status: 401, body: { code: 'unauthorized' } };

describe('receive webhook', () => {
  it.each(['charge.done', 'charge.aborted'])('requests an inquiry for %s', async (type) => {
    const { world, post } = aRoute();

    expect(await post(about(paymentId, type))).toMatchObject(received);

    expect(world.requested).toEqual([payment]);
  });

  it('finds the payment of a later attempt by its reference', async () => {
    const { world, post } = aRoute();

    expect(await post(about(`${paymentId}-2`))).toMatchObject(received);

    expect(world.requested).toEqual([payment]);
  });

  it('accepts a body that API Gateway encoded', async () => {
    const { world, post } = aRoute();

    expect(await post(about(paymentId), { isEncoded: true })).toMatchObject(received);

    expect(world.requested).toEqual([payment]);
  });

  it('acknowledges a duplicate and requests nothing', async () => {
    const { world, post } = aRoute();

    await post(about(paymentId));
    expect(await post(about(paymentId))).toMatchObject(received);
    expect(world.requested).toHaveLength(1);

    await post(about(paymentId), { id: 'evt_2' });
    expect(world.requested).toHaveLength(2);
  });

  it('processes a webhook again that failed the first time', async () => {
    const { world, post } = aRoute();
    const { requestInquiry } = world;
    world.requestInquiry = async () => {
      throw Object.assign(new Error('the queue is away'), { code: 'ECONNRESET' });
    };

    expect(await post(about(paymentId))).toMatchObject({ status: 503 });

    world.requestInquiry = requestInquiry;
    expect(await post(about(paymentId))).toMatchObject(received);
    expect(world.requested).toEqual([payment]);
  });

  it.each<[string, object | string]>([
    ['a missing payment', about('pay_none')],
    ['another object', about(paymentId, 'payout.done')],
    ['an unreadable object', '{'],
  ])('acknowledges a webhook about %s and requests nothing', async (_case, body) => {
    const { world, post } = aRoute();

    expect(await post(body)).toMatchObject(received);

    expect(world.requested).toEqual([]);
  });

  it.each<[string, string]>([
    [
      'a duplicate field',
      `{"type":"charge.done","data":{"reference":"${paymentId}","reference":"pay_2"}}`,
    ],
    ['a duplicate field that is not read', `{"type":"payout.done","a":{"b":1,"\\u0062":2}}`],
    ['a lone surrogate in the reference', '{"type":"charge.done","data":{"reference":"\\ud83d"}}'],
  ])('rejects %s after it verified the signature', async (_case, body) => {
    const { world, post } = aRoute();

    expect(await post(body)).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    expect(await post(body, { signedWith: aKey() })).toMatchObject(refused);

    expect(world.requested).toEqual([]);
    expect(world.records.stored()).toEqual([]);
  });

  it('accepts a lone surrogate in a field that is not read', async () => {
    const { world, post } = aRoute();

    await post(`{"type":"charge.done","data":{"reference":"${paymentId}"},"note":"\\ud83d"}`);

    expect(world.requested).toEqual([payment]);
  });

  it.each<[string, object]>([
    ['with the signature of another key', { signedWith: aKey() }],
    ['that is too old', { at: new Date(noon.getTime() - 301_000) }],
    ['with a future timestamp', { at: new Date(noon.getTime() + 301_000) }],
    ['without an id', { id: '' }],
  ])('rejects a webhook %s and stores nothing', async (_case, sent) => {
    const { world, post } = aRoute();

    expect(await post(about(paymentId), sent)).toMatchObject(refused);

    expect(world.requested).toEqual([]);
    expect(world.records.stored()).toEqual([]);
  });
});

describe('receive webhook with a transaction id', () => {
  const handle = (referenceOf: (transactionId: string) => Promise<string | undefined>) => {
    const requested: Payment[] = [];
    const handling = handleWebhook({
      payments: { find: async (id) => (id === paymentId ? payment : undefined) },
      requestInquiry: async (one) => requested.push(one) > 0,
      referenceOf,
    })({ id: 'evt_1', transactionId: 'pi_1' });

    return handling.then((value) => ({ ...value, requested }));
  };

  it('requests an inquiry about the payment that the charge references', async () => {
    expect(await handle(async (id) => (id === 'pi_1' ? paymentId : undefined))).toEqual({
      outcome: 'inquiry-requested',
      paymentId,
      requested: [payment],
    });
  });

  it('ignores a charge without a reference and fails if it cannot be read', async () => {
    expect(await handle(async () => undefined)).toEqual({ outcome: 'ignored', requested: [] });
    await expect(handle(() => Promise.reject(new Error('timeout')))).rejects.toThrow('timeout');
  });
});

describe('webhook signing key', () => {
  const [former, next] = [aKey(), aKey()];

  it('accepts a rotated key while the former one is cached', async () => {
    const { world, post } = aRoute({ cached: [former], current: [next, former] });

    expect(await post(about(paymentId), { signedWith: next })).toMatchObject(received);

    expect(world.requested).toEqual([payment]);
  });

  it('reads the key again only if a signature does not match', async () => {
    const { world, post } = aRoute();

    await post(about(paymentId));
    await post(about(paymentId), { at: new Date(0) });
    expect(world.reads).toBe(0);

    await post(about(paymentId), { signedWith: next });
    expect(world.reads).toBe(1);
  });
});
