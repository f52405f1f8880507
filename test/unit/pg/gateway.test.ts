import { randomUUID } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listen } from '../../../dev/plain-server.ts';
import { timings } from '../../../shared/domain/timings.ts';
import { type PlainRequest, reply } from '../../../shared/outside/plain-http.ts';
import { paymentGateway } from '../../../shared/pg/gateway.ts';

const vault = mockClient(SecretsManagerClient);
const charge = {
  key: 'chg:pay-1:1',
  reference: 'pay-1',
  amount: 4_000,
  currency: 'KRW',
  paymentMethod: 'card',
};

beforeEach(() => {
  vault.reset();
  vi.stubEnv('PG_SECRET_KEY_ARN', `arn:aws:secretsmanager:us-east-1:000000000000:${randomUUID()}`);
});
afterEach(() => vi.unstubAllEnvs());

/** The request that one charge becomes. */
const sentBy = async (adapter: string | undefined) => {
  const requests: PlainRequest[] = [];
  const pg = await listen(async (request) => {
    requests.push(request);

    return reply(500, {});
  });
  vi.stubEnv('PG_ADAPTER', adapter);
  await paymentGateway({ url: pg.url, timings: timings.local }).charge(charge);
  await pg.close();

  return requests;
};

describe('the gateway of the stage', () => {
  it.each([[undefined], [''], ['simulator']])(
    'is the simulator, without a key, for PG_ADAPTER %o',
    async (adapter) => {
      expect(await sentBy(adapter)).toMatchObject([{ path: '/charges' }]);
      expect(vault.calls()).toEqual([]);
    },
  );

  it.each([
    ['stripe', '/v1/payment_intents', 'Bearer sk_123'],
    ['toss', '/v1/payments/confirm', `Basic ${Buffer.from('sk_123:').toString('base64')}`],
  ])('is %s with the key of the secret', async (adapter, path, authorization) => {
    vault.on(GetSecretValueCommand).resolves({ SecretString: 'sk_123' });

    expect(await sentBy(adapter)).toMatchObject([
      { path, headers: { authorization, 'idempotency-key': 'chg:pay-1:1' } },
    ]);
  });

  it('sends nothing, and says so, while the key cannot be read', async () => {
    vault.on(GetSecretValueCommand).rejects(new Error('throttled'));
    vi.stubEnv('PG_ADAPTER', 'stripe');
    const gateway = paymentGateway({ url: 'http://127.0.0.1:1', timings: timings.local });

    for (const call of ['charge', 'inquire', 'cancel', 'refund', 'inquireRefund'] as const) {
      expect(await gateway[call](charge)).toMatchObject({
        outcome: 'not-sent',
        reason: expect.stringContaining('could not be opened'),
      });
    }
  });

  it('is refused by a name that nobody knows, and without the ARN of the key', () => {
    const open = () => paymentGateway({ url: 'http://127.0.0.1:1', timings: timings.local });

    vi.stubEnv('PG_ADAPTER', 'paypal');
    expect(open).toThrow('simulator, stripe or toss');

    vi.stubEnv('PG_ADAPTER', 'toss');
    vi.stubEnv('PG_SECRET_KEY_ARN', undefined);
    expect(open).toThrow('PG_SECRET_KEY_ARN');
  });
});
