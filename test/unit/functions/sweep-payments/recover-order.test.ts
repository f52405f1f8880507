import { describe, expect, it } from 'vitest';
import { recoverOrder } from '../../../../functions/sweep-payments/recover-order.ts';
import { summarize } from '../../../../functions/sweep-payments/sweep-result.ts';
import { createCancelOrder } from '../../../../shared/application/orders/cancel-order.ts';
import type { Coupon, Order } from '../../../../shared/domain/orders/order.ts';
import { eventOfChange } from '../../../../shared/domain/outbox/outbox-event.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { createCouponRepository } from '../../../../shared/persistence/coupon-repository.ts';
import { createOrderRepository } from '../../../../shared/persistence/order-repository.ts';
import { aCoupon, anOrder, noon } from '../../../support/builders/builders.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';

const expiresAt = noon.toISOString();
const order = anOrder({
  orderId: 'ord_1',
  userId: 'alice',
  couponId: 'welcome',
  expiresAt,
  dueShard: '0',
  dueAt: expiresAt,
});
const coupon = aCoupon({
  userId: 'alice',
  couponId: 'welcome',
  status: 'USED',
  orderId: 'ord_1',
});
const overdue = new Date(noon.getTime() + timings.local.sweepGraceMs);
const paying = { ...order, status: 'PAYING', activePaymentId: 'pay_1', version: 2 } as const;

/** One order with its coupon, and a sweep over them at a given time. */
const createSweep = (stored: Order = order, at = overdue) => {
  const tables = new MemoryDynamo({ Orders: ['orderId'], Coupons: ['userId', 'couponId'] });
  tables.put('Orders', stored);
  tables.put('Coupons', coupon);
  const orders = createOrderRepository(tables.client, 'Orders');
  const coupons = createCouponRepository(tables.client, 'Coupons');
  const cancel = createCancelOrder({ db: tables.client, orders, coupons });
  const recover = recoverOrder({ orders, cancel, timings: timings.local }, at);

  return {
    tables,
    coupons,
    recover: () => recover('ord_1'),
    order: () => tables.items<Order>('Orders')[0] as Order,
    coupon: () => tables.items<Coupon>('Coupons')[0] as Coupon,
  };
};

describe('sweep orders', () => {
  it('cancels an expired order, restores its coupon and publishes the reason', async () => {
    const sweep = createSweep();

    expect(await sweep.recover()).toBe('ORDER_EXPIRED');

    expect(sweep.order()).toMatchObject({ status: 'CANCELLED', cancelReason: 'expired' });
    expect(sweep.order()).not.toHaveProperty('dueAt');
    expect(sweep.coupon()).toMatchObject({ status: 'AVAILABLE' });
    expect(sweep.coupon()).not.toHaveProperty('orderId');
    const [change] = sweep.tables.changes;
    expect(
      eventOfChange({ of: 'order', before: change?.before, after: change?.after }),
    ).toMatchObject({
      name: 'OrderCancelled',
      data: { orderId: 'ord_1', reason: 'expired' },
    });
  });

  it('does not count an expired order as stuck', () => {
    expect(summarize([{ status: 'fulfilled', value: 'ORDER_EXPIRED' }])).toMatchObject({
      found: { ORDER_EXPIRED: 1 },
      overdue: 0,
    });
  });

  it('restores the coupon once for any number of concurrent sweeps', async () => {
    const sweep = createSweep();

    const found = await Promise.all([sweep.recover(), sweep.recover(), sweep.recover()]);

    expect(found.toSorted()).toEqual(['ORDER_EXPIRED', 'already-handled', 'already-handled']);
    expect(sweep.order().version).toBe(2);
    expect(sweep.tables.changes.filter(({ table }) => table === 'Coupons')).toHaveLength(1);
  });

  it.each([
    ['is not overdue yet', { ...order, dueAt: '2026-03-14T12:00:00.001Z' }],
    ['left the index already', { ...order, status: 'CANCELLED', dueAt: undefined }],
  ] as const)('does not change an order that %s', async (_case, given) => {
    const { dueAt, ...rest } = given;
    const stored = { ...rest, ...(dueAt && { dueAt }) };
    const sweep = createSweep(stored);

    expect(await sweep.recover()).toBe('already-handled');
    expect(sweep.order()).toEqual(stored);
    expect(sweep.coupon()).toEqual(coupon);
  });

  it('only removes an order from the index if a payment holds it', async () => {
    const sweep = createSweep(paying);

    expect(await sweep.recover()).toBe('already-handled');

    const { dueAt, dueShard, ...kept } = paying;
    expect(sweep.order()).toEqual(kept);
    expect(sweep.coupon()).toEqual(coupon);
  });

  it('cancels nothing if a payment is accepted between read and write', async () => {
    const sweep = createSweep();
    const { findUse: find } = sweep.coupons;
    sweep.coupons.findUse = (...key) => {
      sweep.tables.put('Orders', paying);

      return find(...key);
    };

    expect(await sweep.recover()).toBe('already-handled');
    expect(sweep.order()).toEqual(paying);
    expect(sweep.coupon()).toEqual(coupon);
  });

  it('cancels an order whose expiry cannot be read', async () => {
    const sweep = createSweep({ ...order, expiresAt: 'soon' });

    expect(await sweep.recover()).toBe('ORDER_EXPIRED');
  });

  it('reports an order that is due and can still be paid', async () => {
    const sweep = createSweep({ ...order, expiresAt: '2099-01-01T00:00:00.000Z' });

    await expect(sweep.recover()).rejects.toThrow('ord_1 is due but can be paid until 2099');
    expect(sweep.order().status).toBe('PENDING_PAYMENT');
  });
});
