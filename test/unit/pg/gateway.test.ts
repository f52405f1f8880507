import { randomUUID } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listen } from '../../../dev/plain-server.ts';
import { timings } from '../../../shared/domain/timings.ts';
import { type PlainRequest, reply } from '../../../shared/outside/plain-http.ts';
import { chargeLedger, type GatewayOptions, paymentGateway } from '../../../shared/pg/gateway.ts';

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

const aCharge = (options: GatewayOptions) => paymentGateway(options).charge(charge);
const aList = (options: GatewayOptions) =>
  Array.fromAsync(chargeLedger(options).charges()).catch((error: unknown) => error);

/** The requests that one call becomes. */
const sentBy = async (
  adapter: string | undefined,
  call: (options: GatewayOptions) => Promise<unknown>,
) => {
  const requests: PlainRequest[] = [];
  const pg = await listen(async (request) => {
    requests.push(request);

    return reply(500, {});
  });
  vi.stubEnv('PG_ADAPTER', adapter);
  await call({ url: pg.url, timings: timings.local });
  await pg.close();

  return requests;
};

describe('the gateway of the stage', () => {
  it.each([[undefined], [''], ['simulator']])(
    'is the simulator, without a key, for PG_ADAPTER %o',
    async (adapter) => {
      expect(await sentBy(adapter, aCharge)).toMatchObject([{ path: '/charges', method: 'POST' }]);
      expect(await sentBy(adapter, aList)).toMatchObject([{ path: '/charges', method: 'GET' }]);
      expect(vault.calls()).toEqual([]);
    },
  );

  it.each([
    ['stripe', '/v1/payment_intents', '/v1/payment_intents', 'Bearer sk_123'],
    [
      'toss',
      '/v1/payments/confirm',
      '/v1/transactions',
      `Basic ${Buffer.from('sk_123:').toString('base64')}`,
    ],
  ])('is %s with the key of the secret', async (adapter, path, listPath, authorization) => {
    vault.on(GetSecretValueCommand).resolves({ SecretString: 'sk_123' });

    expect(await sentBy(adapter, aCharge)).toMatchObject([
      { path, headers: { authorization, 'idempotency-key': 'chg:pay-1:1' } },
    ]);
    expect(await sentBy(adapter, aList)).toMatchObject([
      { path: listPath, headers: { authorization } },
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

  it('lists nothing, and throws, while the key cannot be read', async () => {
    vault.on(GetSecretValueCommand).rejects(new Error('throttled'));
    vi.stubEnv('PG_ADAPTER', 'toss');
    const ledger = chargeLedger({ url: 'http://127.0.0.1:1', timings: timings.local });

    await expect(Array.fromAsync(ledger.charges())).rejects.toThrow('throttled');
  });

  it.each([
    ['gateway', paymentGateway],
    ['ledger', chargeLedger],
  ])('is no %s by a name that nobody knows, nor without the ARN of the key', (_what, made) => {
    const open = () => made({ url: 'http://127.0.0.1:1', timings: timings.local });

    vi.stubEnv('PG_ADAPTER', 'paypal');
    expect(open).toThrow('simulator, stripe or toss');

    vi.stubEnv('PG_ADAPTER', 'toss');
    vi.stubEnv('PG_SECRET_KEY_ARN', undefined);
    expect(open).toThrow('PG_SECRET_KEY_ARN');
  });
});
