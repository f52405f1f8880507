import { randomUUID } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listen } from '../../../dev/local/http-server.ts';
import { timings } from '../../../shared/domain/timings.ts';
import {
  chargeListFromEnv,
  type GatewayOptions,
  paymentGatewayFromEnv,
} from '../../../shared/gateway/gateway-from-env.ts';
import { jsonReply, type PlainRequest } from '../../../shared/simulators/plain-http.ts';

const secretsManager = mockClient(SecretsManagerClient);
const charge = {
  key: 'chg:pay-1:1',
  reference: 'pay-1',
  amount: 4_000,
  currency: 'KRW',
  paymentMethod: 'card',
};

beforeEach(() => {
  secretsManager.reset();
  vi.stubEnv('PG_SECRET_KEY_ARN', `arn:aws:secretsmanager:us-east-1:000000000000:${randomUUID()}`);
});
afterEach(() => vi.unstubAllEnvs());

const aCharge = (options: GatewayOptions) => paymentGatewayFromEnv(options).charge(charge);
const aList = (options: GatewayOptions) =>
  Array.fromAsync(chargeListFromEnv(options).charges()).catch((error: unknown) => error);

/** The requests that one call becomes. */
const sentBy = async (
  adapter: string | undefined,
  call: (options: GatewayOptions) => Promise<unknown>,
) => {
  const requests: PlainRequest[] = [];
  const pg = await listen(async (request) => {
    requests.push(request);

    return jsonReply(500, {});
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
  ])('is %s with the key of the secret', async (adapter, path, listPath, authorization) => {
    secretsManager.on(GetSecretValueCommand).resolves({ SecretString: 'sk_123' });

    expect(await sentBy(adapter, aCharge)).toMatchObject([
      { path, headers: { authorization, 'idempotency-key': 'chg:pay-1:1' } },
    ]);
    expect(await sentBy(adapter, aList)).toMatchObject([
      { path: listPath, headers: { authorization } },
    ]);
  });

  it('sends nothing, and says so, while the key cannot be read', async () => {
    secretsManager.on(GetSecretValueCommand).rejects(new Error('throttled'));
    vi.stubEnv('PG_ADAPTER', 'stripe');
    const gateway = paymentGatewayFromEnv({ url: 'http://127.0.0.1:1', timings: timings.local });

    for (const call of ['charge', 'inquire', 'cancel', 'refund', 'inquireRefund'] as const) {
      expect(await gateway[call](charge)).toMatchObject({
        outcome: 'not-sent',
        reason: expect.stringContaining('the API key could not be read'),
        cause: 'credentials',
      });
    }
  });

  it.each(['', ' \n', 'sk with blanks', 'sk_\u0007'])(
    'sends nothing where the secret is no key: %j',
    async (SecretString) => {
      secretsManager.on(GetSecretValueCommand).resolves({ SecretString });

      expect(await sentBy('stripe', aCharge)).toEqual([]);
    },
  );

  /** A gateway that takes one key alone, and the keys that came. */
  const taking = async (right: string) => {
    const keys: (string | undefined)[] = [];
    const pg = await listen(async ({ headers }) => {
      const { authorization } = headers;
      keys.push(authorization?.replace('Bearer ', ''));

      return authorization === `Bearer ${right}`
        ? jsonReply(500, {})
        : jsonReply(401, { error: {} });
    });
    vi.stubEnv('PG_ADAPTER', 'stripe');

    return {
      keys,
      close: pg.close,
      gateway: paymentGatewayFromEnv({ ...pg, timings: timings.local }),
    };
  };

  it('reads the key again where it is refused, and sends the call once more with a new one', async () => {
    const { keys, gateway, close } = await taking('sk_new');
    secretsManager
      .on(GetSecretValueCommand)
      .resolvesOnce({ SecretString: 'sk_old' })
      .resolves({ SecretString: 'sk_new\n' });

    expect(await gateway.charge(charge)).toMatchObject({ outcome: 'ambiguous' });
    expect(await gateway.charge(charge)).toMatchObject({ outcome: 'ambiguous' });

    expect(keys).toEqual(['sk_old', 'sk_new', 'sk_new']);
    await close();
  });

  it('reads the key once a second at most while the gateway refuses it', async () => {
    const { keys, gateway, close } = await taking('sk_other');
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

  it('lists nothing, and throws, while the key cannot be read', async () => {
    secretsManager.on(GetSecretValueCommand).rejects(new Error('throttled'));
    vi.stubEnv('PG_ADAPTER', 'toss');
    const ledger = chargeListFromEnv({ url: 'http://127.0.0.1:1', timings: timings.local });

    await expect(Array.fromAsync(ledger.charges())).rejects.toThrow('throttled');
  });

  it.each([
    ['gateway', paymentGatewayFromEnv],
    ['ledger', chargeListFromEnv],
  ])('is no %s by a name that nobody knows, nor without the ARN of the key', (_what, made) => {
    const open = () => made({ url: 'http://127.0.0.1:1', timings: timings.local });

    vi.stubEnv('PG_ADAPTER', 'paypal');
    expect(open).toThrow('simulator, stripe or toss');

    vi.stubEnv('PG_ADAPTER', 'toss');
    vi.stubEnv('PG_SECRET_KEY_ARN', undefined);
    expect(open).toThrow('PG_SECRET_KEY_ARN');
  });
});
