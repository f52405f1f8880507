import { afterEach, describe, expect, it, vi } from 'vitest';
import { checkoutFromEnv } from '../../../shared/gateway/checkout.ts';

afterEach(() => vi.unstubAllEnvs());

describe('checkout from the environment', () => {
  it.each([[undefined], [''], ['simulator']])(
    "is the simulator's page without a key if PG_ADAPTER is %o",
    (adapter) => {
      vi.stubEnv('PG_ADAPTER', adapter);

      for (const PG_URL of ['http://pg.example', 'http://pg.example/'])
        expect(checkoutFromEnv({ PG_URL, PG_CLIENT_KEY: 'pk_test_1' })).toEqual({
          gateway: 'simulator',
          url: 'http://pg.example/window',
        });
    },
  );

  it('throws without the URL of the simulator', () => {
    expect(() => checkoutFromEnv({})).toThrow('Set the environment variables PG_URL.');
  });

  it.each(['stripe', 'toss'])('has the publishable key of %s, and no page', (adapter) => {
    vi.stubEnv('PG_ADAPTER', adapter);

    expect(checkoutFromEnv({ PG_CLIENT_KEY: 'key_1' })).toEqual({
      gateway: adapter,
      clientKey: 'key_1',
    });
  });

  it.each([undefined, ''])('has no key at a real gateway if PG_CLIENT_KEY is %o', (key) => {
    vi.stubEnv('PG_ADAPTER', 'toss');

    expect(checkoutFromEnv({ PG_CLIENT_KEY: key })).toEqual({ gateway: 'toss' });
  });
});
