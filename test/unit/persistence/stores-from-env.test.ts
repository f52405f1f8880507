import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { storesFromEnv } from '../../../shared/persistence/stores-from-env.ts';

const tableOf = (_db: unknown, table: string) => ({ table });

describe('repositories from the environment', () => {
  beforeEach(() => {
    vi.stubEnv('ORDERS_TABLE', 'orders-1');
    vi.stubEnv('LOYALTY_POINTS_TABLE', 'points-1');
  });

  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('are each in the table of its name', () => {
    expect(storesFromEnv({ orders: tableOf, loyaltyPoints: tableOf })).toMatchObject({
      orders: { table: 'orders-1' },
      loyaltyPoints: { table: 'points-1' },
    });
  });

  it('name every variable that is missing', () => {
    expect(() => storesFromEnv({ orders: tableOf, refunds: tableOf, reviews: tableOf })).toThrow(
      'Set the environment variables REFUNDS_TABLE, REVIEWS_TABLE.',
    );
  });
});
