import { describe, expect, it } from 'vitest';
import type { Database } from '../../../shared/config/platform.ts';
import { storesFromEnv } from '../../../shared/persistence/stores-from-env.ts';

const tableOf = (_db: unknown, table: string) => ({ table });

describe('stores from env', () => {
  const platform = {
    environment: { ORDERS_TABLE: 'orders-1', LOYALTY_POINTS_TABLE: 'points-1' },
    db: {} as Database,
  };

  it('creates each repository on the table of its name', () => {
    expect(storesFromEnv(platform, { orders: tableOf, loyaltyPoints: tableOf })).toMatchObject({
      orders: { table: 'orders-1' },
      loyaltyPoints: { table: 'points-1' },
    });
  });

  it('throws with the name of every missing variable', () => {
    expect(() =>
      storesFromEnv(platform, { orders: tableOf, refunds: tableOf, reviews: tableOf }),
    ).toThrow('Set the environment variables REFUNDS_TABLE, REVIEWS_TABLE.');
  });
});
