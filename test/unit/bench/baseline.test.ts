import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Balance } from '../../../shared/domain/money.ts';
import type { Coupon, Order, Product } from '../../../shared/domain/orders/order.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import type { ChargeOutcome } from '../../../shared/gateway/payment-gateway.ts';
import { DeliveryFailedError } from '../../../shared/lambda/http-delivery.ts';
import { createRankingRepository } from '../../../shared/persistence/ranking-repository.ts';
import { createCheckouts, type Form } from '../../bench/baseline/checkouts.ts';
import { createSemaphore } from '../../bench/semaphore.ts';
import { aBalance, aCoupon, anOrder, aProduct, noon } from '../../support/builders/builders.ts';
import { declined } from '../../support/builders/gateway-outcomes.ts';
import { traceparent } from '../../support/builders/trace.ts';
import { MemoryDynamo } from '../../support/fakes/memory-dynamo.ts';
import { createMemoryRepositories } from '../../support/fakes/memory-repositories.ts';

const approved = { outcome: 'approved', transactionId: 'tx', approvedAt: noon.toISOString() };
const outcomes = {
  approve: approved,
  decline: declined,
  lose: { outcome: 'ambiguous', reason: 'timeout' },
  miss: { outcome: 'not-sent', reason: 'refused' },
  mismatch: { outcome: 'mismatch', transactionId: 'tx', differences: ['amount'] },
} as Record<string, ChargeOutcome>;

type GatewayFate = keyof typeof outcomes;

interface BaselineOptions {
  readonly turn?: () => Promise<unknown>;
  /** The outcome of the first charge of a payment. A repeated key gets the real outcome of a lost response. */
  readonly fateOf?: (paymentId: string) => GatewayFate;
  readonly areExternalSystemsDown?: boolean;
  readonly connections?: number;
}

const createBaselineHarness = ({
  turn,
  fateOf = () => 'approve',
  areExternalSystemsDown = false,
  connections = 10,
}: BaselineOptions = {}) => {
  const tables = new MemoryDynamo(
    {
      Orders: ['orderId'],
      Payments: ['paymentId'],
      Balances: ['userId'],
      Products: ['sku'],
      Coupons: ['userId', 'couponId'],
      Rankings: ['day', 'entry'],
    },
    turn,
  );
  const db = tables.client;
  const gatewayKeys: string[] = [];
  const deliveries: string[] = [];
  const forms = createCheckouts({
    ...createMemoryRepositories(db),
    rankings: createRankingRepository(db, 'Rankings'),
    gateway: {
      charge: async ({ key, reference }) => {
        const isRepeated = gatewayKeys.includes(key);
        gatewayKeys.push(key);
        const fate = fateOf(reference);

        return (isRepeated && fate === 'lose' ? approved : outcomes[fate]) as ChargeOutcome;
      },
    },
    post: async ({ url }) => {
      await turn?.();
      if (areExternalSystemsDown) throw new DeliveryFailedError('no connection');
      deliveries.push(url);
    },
    dataPlatformUrl: 'http://data-platform.test',
    notificationsUrl: 'http://notifications.test',
    connections: createSemaphore(connections),
    clock: { now: () => noon },
  });

  return { tables, forms, gatewayKeys, deliveries };
};

type Tables = MemoryDynamo;

const expectNothingLost = (tables: Tables): void => {
  for (const { available, held, spent, deposited } of tables.items<Balance>('Balances')) {
    expect(Math.min(available, held, spent)).toBeGreaterThanOrEqual(0);
    expect(available + held + spent).toBe(deposited);
  }
  for (const { available, reserved, sold, received } of tables.items<Product>('Products')) {
    expect(Math.min(available, reserved, sold)).toBeGreaterThanOrEqual(0);
    expect(available + reserved + sold).toBe(received);
  }
};

/** Expects that all stores agree with the payments. */
const expectConsistent = (tables: Tables): void => {
  const payments = tables.items<Payment>('Payments');
  const sum = (states: readonly string[], of: (payment: Payment) => number) =>
    payments.filter(({ status }) => states.includes(status)).reduce((all, p) => all + of(p), 0);
  const open = ['RESERVED', 'IN_REVIEW'];

  for (const { userId, held, spent } of tables.items<Balance>('Balances')) {
    const money = (p: Payment) => (p.userId === userId ? (p.reservation?.balance ?? 0) : 0);
    expect({ held, spent }).toEqual({ held: sum(open, money), spent: sum(['COMPLETED'], money) });
  }
  for (const { sku, reserved, sold } of tables.items<Product>('Products')) {
    const units = ({ reservation }: Payment) =>
      reservation?.lines.find((line) => line.sku === sku)?.quantity ?? 0;
    expect({ reserved, sold }).toEqual({
      reserved: sum(open, units),
      sold: sum(['COMPLETED'], units),
    });
  }
  for (const { orderId, status, activePaymentId } of tables.items<Order>('Orders')) {
    const active = payments.filter(
      (p) => p.orderId === orderId && !['FAILED', 'COMPENSATED'].includes(p.status),
    );
    expect(active.map(({ paymentId }) => paymentId)).toEqual(
      activePaymentId === undefined ? [] : [activePaymentId],
    );
    expect(status === 'COMPLETED').toBe(active[0]?.status === 'COMPLETED');
  }
  for (const { status, orderId } of tables.items<Coupon>('Coupons')) {
    const order = tables.items<Order>('Orders').find((stored) => stored.orderId === orderId);
    expect(status === 'USED').toBe(order !== undefined && order.status !== 'CANCELLED');
  }
};

/** One transaction has no charge, so the balance pays all; otherwise it pays a half. */
const paid = (form: Form, order: Order, key = 'k-1') => ({
  buyer: order.userId,
  key,
  body: {
    orderId: order.orderId,
    balanceAmount: form === 'one-transaction' ? order.total : order.total / 2,
    paymentMethod: 'any',
  },
  traceparent,
});

const aShop = (world: ReturnType<typeof createBaselineHarness>, given: Partial<Order> = {}) => {
  const order = anOrder({ lines: [{ sku: 'tea', quantity: 2, unitPrice: 1_000 }], ...given });
  world.tables.put('Orders', order);
  world.tables.put('Balances', aBalance({ userId: order.userId, available: 10_000 }));
  world.tables.put('Products', aProduct({ sku: 'tea', available: 10 }));

  return order;
};

const bothForms: readonly Form[] = ['synchronous', 'one-transaction'];

describe.each(bothForms)('%s checkout', (form) => {
  it('keeps all stores consistent in any order of requests', async () => {
    const click = fc.record({
      order: fc.nat({ max: 2 }),
      key: fc.constantFrom('k1', 'k2'),
      attempts: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(click, { minLength: 1, maxLength: 6 }),
        fc.array(fc.constantFrom(...Object.keys(outcomes)), { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        async (scheduler, clicks, fates, areExternalSystemsDown) => {
          const known = new Map<string, GatewayFate>();
          const world = createBaselineHarness({
            turn: async () => {
              await scheduler.schedule(Promise.resolve());
              expectNothingLost(world.tables);
            },
            fateOf: (paymentId) => {
              const fate =
                known.get(paymentId) ?? (fates[known.size % fates.length] as GatewayFate);
              known.set(paymentId, fate);

              return fate;
            },
            areExternalSystemsDown,
            connections: 2,
          });
          const orders = [1, 2, 3].map((quantity) => {
            const couponId = `coupon-${quantity}`;
            const order = anOrder({
              orderId: `ord_${quantity}`,
              userId: 'alice',
              lines: [{ sku: 'tea', quantity, unitPrice: 1_000 }],
              ...(quantity === 2 && { couponId, discount: 500 }),
            });
            world.tables.put('Orders', order);
            if (quantity === 2) {
              const used = { status: 'USED', orderId: order.orderId } as const;
              world.tables.put('Coupons', aCoupon({ userId: 'alice', couponId, ...used }));
            }

            return order;
          });
          world.tables.put('Balances', aBalance({ userId: 'alice', available: 4_000 }));
          world.tables.put('Products', aProduct({ sku: 'tea', available: 4 }));

          const settled = clicks.flatMap(({ order, key, attempts }) =>
            Array.from({ length: attempts }, () =>
              world.forms[form](paid(form, orders[order] as Order, key)),
            ),
          );
          await scheduler.waitFor(Promise.allSettled(settled));

          expectConsistent(world.tables);
          expect(world.gatewayKeys.every((key) => key.endsWith(':1'))).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  }, 30_000);

  it('returns the same payment for the same key', async () => {
    const world = createBaselineHarness();
    const order = aShop(world);

    const first = await world.forms[form](paid(form, order));
    const again = await world.forms[form](paid(form, order));

    expect(first.status).toBe('COMPLETED');
    expect(again).toEqual(first);
  });

  it.each([
    ['balance', { available: 100 }, { available: 10 }, 'insufficient-balance'],
    ['stock', { available: 10_000 }, { available: 1 }, 'out-of-stock'],
  ])('rejects for insufficient %s and releases order and coupon', async (_, money, goods, code) => {
    const world = createBaselineHarness();
    const order = aShop(world, { couponId: 'c-1' });
    const { userId, orderId } = order;
    world.tables.put('Balances', aBalance({ userId, ...money }));
    world.tables.put('Products', aProduct({ sku: 'tea', ...goods }));
    world.tables.put('Coupons', aCoupon({ userId, couponId: 'c-1', status: 'USED', orderId }));

    await expect(world.forms[form](paid(form, order))).rejects.toMatchObject({ data: { code } });

    expectConsistent(world.tables);
    expect(world.tables.items<Order>('Orders')).toMatchObject([{ status: 'CANCELLED' }]);
    expect(world.tables.items<Coupon>('Coupons')).toMatchObject([{ status: 'AVAILABLE' }]);
    expect([...world.gatewayKeys, ...world.deliveries]).toEqual([]);
  });
});

describe('synchronous checkout', () => {
  it('compensates a declined charge', async () => {
    const world = createBaselineHarness({ fateOf: () => 'decline' });
    const order = aShop(world);

    const payment = await world.forms.synchronous(paid('synchronous', order));

    expect(payment).toMatchObject({ status: 'FAILED', failure: { code: 'insufficient-funds' } });
    expect(world.tables.items('Payments')).toEqual([payment]);
    expectConsistent(world.tables);
    expect(world.tables.items<Order>('Orders')).toMatchObject([{ status: 'CANCELLED' }]);
  });

  it('keeps the reservation after an ambiguous outcome and retries with the same key', async () => {
    const world = createBaselineHarness({ fateOf: () => 'lose' });
    const order = aShop(world);

    await expect(world.forms.synchronous(paid('synchronous', order))).rejects.toThrow(
      'is not known',
    );
    const again = await world.forms.synchronous(paid('synchronous', order));

    expect(again.status).toBe('COMPLETED');
    expect(new Set(world.gatewayKeys).size).toBe(1);
    expectConsistent(world.tables);
  });
});

describe('one-transaction checkout', () => {
  it('delivers to both external systems before the commit and counts the sale', async () => {
    const world = createBaselineHarness();
    const order = aShop(world);

    await world.forms['one-transaction'](paid('one-transaction', order));

    expect(world.deliveries).toEqual(['http://data-platform.test', 'http://notifications.test']);
    expect(world.tables.items('Rankings')).toContainEqual(expect.objectContaining({ units: 2 }));
    expect(world.gatewayKeys).toEqual([]);
  });

  it('rolls back if an external system does not respond', async () => {
    const world = createBaselineHarness({ areExternalSystemsDown: true });
    const order = aShop(world);

    const payment = await world.forms['one-transaction'](paid('one-transaction', order));

    expect(payment).toMatchObject({ status: 'FAILED', failure: { code: 'rolled-back' } });
    expect(world.tables.items('Payments')).toEqual([payment]);
    expectConsistent(world.tables);
  });
});
