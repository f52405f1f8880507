import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listen } from '../../../dev/local/http-server.ts';
import type { Environment } from '../../../shared/config/env.ts';
import { timings } from '../../../shared/domain/timings.ts';
import {
  chargeListFromEnv,
  paymentGatewayFromEnv,
} from '../../../shared/gateway/gateway-from-env.ts';
import { flushMetrics } from '../../../shared/observability/metrics.ts';
import { jsonReply, type PlainRequest } from '../../../shared/simulators/plain-http.ts';
import { captureMetrics } from '../../support/capture-metrics.ts';

const secretsManager = mockClient(SecretsManagerClient);
const charge = {
  key: 'chg:pay-1:1',
  reference: 'pay-1',
  amount: 4_000,
  currency: 'KRW',
  paymentMethod: 'card',
};

beforeEach(() => secretsManager.reset());
afterEach(() => vi.unstubAllEnvs());

const environmentOf = (PG_URL: string): Environment => ({
  PG_URL,
  PG_SECRET_KEY_ARN: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:key',
});

const aCharge = (environment: Environment) =>
  paymentGatewayFromEnv(environment, timings.local).charge(charge);
const aList = (environment: Environment) =>
  Array.fromAsync(chargeListFromEnv(environment, timings.local).charges()).catch(
    (error: unknown) => error,
  );

/** The requests that one call sends. */
const requestsOf = async (
  adapter: string | undefined,
  call: (environment: Environment) => Promise<unknown>,
) => {
  const requests: PlainRequest[] = [];
  const pg = await listen(async (request) => {
    requests.push(request);

    return jsonReply(500, {});
  });
  vi.stubEnv('PG_ADAPTER', adapter);
  await call(environmentOf(pg.url));
  await pg.close();

  return requests;
};

describe('payment gateway from the environment', () => {
  it.each([[undefined], [''], ['simulator']])(
    'is the simulator without a key if PG_ADAPTER is %o',
    async (adapter) => {
      expect(await requestsOf(adapter, aCharge)).toMatchObject([
        { path: '/charges', method: 'POST' },
      ]);
      expect(await requestsOf(adapter, aList)).toMatchObject([{ path: '/charges', method: 'GET' }]);
      expect(secretsManager.calls()).toEqual([]);
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
  ])('is %s with the key from the secret', async (adapter, path, listPath, authorization) => {
    secretsManager.on(GetSecretValueCommand).resolves({ SecretString: 'sk_123' });

    expect(await requestsOf(adapter, aCharge)).toMatchObject([
      { path, headers: { authorization, 'idempotency-key': 'chg:pay-1:1' } },
    ]);
    expect(await requestsOf(adapter, aList)).toMatchObject([
      { path: listPath, headers: { authorization } },
    ]);
  });

  it.each(['AccessDeniedException', 'DecryptionFailure', 'ResourceNotFoundException', 'throttled'])(
    'sends nothing, counts the read and names the error if the key cannot be read: %s',
    async (name) => {
      const lines = captureMetrics();
      secretsManager
        .on(GetSecretValueCommand)
        .rejects(Object.assign(new Error('of arn:aws:kms:secret'), { name }));
      vi.stubEnv('PG_ADAPTER', 'stripe');
      const gateway = paymentGatewayFromEnv(environmentOf('http://127.0.0.1:1'), timings.local);

      for (const call of ['charge', 'inquire', 'cancel', 'refund', 'inquireRefund'] as const) {
        expect(await gateway[call](charge)).toEqual({
          outcome: 'not-sent',
          reason: `the API key could not be read: ${name}`,
          cause: 'key-unreadable',
        });
        flushMetrics();
      }

      expect(lines).toEqual(Array(5).fill({ SecretReadsFailed: 1 }));
    },
  );

  it('charges with the same key once the secret can be read', async () => {
    secretsManager
      .on(GetSecretValueCommand)
      .rejectsOnce(new Error('denied'))
      .resolves({ SecretString: 'sk_123' });

    const requests = await requestsOf('stripe', async (environment) => {
      const gateway = paymentGatewayFromEnv(environment, timings.local);
      expect(await gateway.charge(charge)).toMatchObject({ outcome: 'not-sent' });
      await gateway.charge(charge);
    });

    expect(requests).toMatchObject([{ headers: { 'idempotency-key': 'chg:pay-1:1' } }]);
  });

  it.each(['', ' \n', 'sk with blanks', 'sk_\u0007'])(
    'sends nothing if the secret is not a valid key: %j',
    async (SecretString) => {
      const lines = captureMetrics();
      secretsManager.on(GetSecretValueCommand).resolves({ SecretString });

      expect(await requestsOf('stripe', aCharge)).toEqual([]);
      flushMetrics();
      expect(lines).toEqual([{ SecretReadsFailed: 1 }]);
    },
  );

  /** A gateway that accepts one key only, and the keys that it received. */
  const gatewayAccepting = async (validKey: string) => {
    const keys: (string | undefined)[] = [];
    const pg = await listen(async ({ headers }) => {
      const { authorization } = headers;
      keys.push(authorization?.replace('Bearer ', ''));

      return authorization === `Bearer ${validKey}`
        ? jsonReply(500, {})
        : jsonReply(401, { error: {} });
    });
    vi.stubEnv('PG_ADAPTER', 'stripe');

    return {
      keys,
      close: pg.close,
      gateway: paymentGatewayFromEnv(environmentOf(pg.url), timings.local),
    };
  };

  it('reads a rejected key again and repeats the call once with a new one', async () => {
    const { keys, gateway, close } = await gatewayAccepting('sk_new');
    secretsManager
      .on(GetSecretValueCommand)
      .resolvesOnce({ SecretString: 'sk_old' })
      .resolves({ SecretString: 'sk_new\n' });

    expect(await gateway.charge(charge)).toMatchObject({ outcome: 'ambiguous' });
    expect(await gateway.charge(charge)).toMatchObject({ outcome: 'ambiguous' });

    expect(keys).toEqual(['sk_old', 'sk_new', 'sk_new']);
    await close();
  });

  it('reads a rejected key at most once a second', async () => {
    const { keys, gateway, close } = await gatewayAccepting('sk_other');
    secretsManager.on(GetSecretValueCommand).resolves({ SecretString: 'sk_old' });
    vi.useFakeTimers({ toFake: ['Date'] });

    for (let call = 0; call < 5; call += 1) {
      expect(await gateway.charge(charge)).toMatchObject({ cause: 'credentials' });
    }
    expect(secretsManager.commandCalls(GetSecretValueCommand)).toHaveLength(2);
    vi.advanceTimersByTime(1_001);
    await gateway.charge(charge);

    expect(secretsManager.commandCalls(GetSecretValueCommand)).toHaveLength(3);
    expect(keys).toHaveLength(6);
    vi.useRealTimers();
    await close();
  });

  it('throws from the charge list and counts the read if the key cannot be read', async () => {
    const lines = captureMetrics();
    secretsManager.on(GetSecretValueCommand).rejects(new Error('throttled'));
    vi.stubEnv('PG_ADAPTER', 'toss');
    const chargeList = chargeListFromEnv(environmentOf('http://127.0.0.1:1'), timings.local);

    await expect(Array.fromAsync(chargeList.charges())).rejects.toThrow('throttled');
    flushMetrics();

    expect(lines).toEqual([{ SecretReadsFailed: 1 }]);
  });

  it.each([
    ['gateway', paymentGatewayFromEnv],
    ['charge list', chargeListFromEnv],
  ])('throws for a %s with an unknown adapter or without the ARN of the key', (_what, create) => {
    const PG_URL = 'http://127.0.0.1:1';

    vi.stubEnv('PG_ADAPTER', 'paypal');
    expect(() => create(environmentOf(PG_URL), timings.local)).toThrow('simulator, stripe or toss');

    vi.stubEnv('PG_ADAPTER', 'toss');
    expect(() => create({ PG_URL }, timings.local)).toThrow('PG_SECRET_KEY_ARN');
  });
});
