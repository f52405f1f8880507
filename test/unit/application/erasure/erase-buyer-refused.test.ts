import { beforeEach, describe, expect, it } from 'vitest';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { dayMs } from '../../../../shared/domain/time.ts';
import { aCoupon, noon } from '../../../support/builders/builders.ts';
import {
  anErasedOrder,
  createErasureHarness,
  type ErasureHarness,
  erasedBuyer,
  putBuyers,
} from '../../../support/harness/erasure-harness.ts';

let shop: ErasureHarness;

beforeEach(async () => {
  shop = createErasureHarness();
  await putBuyers(shop);
});

describe('erasure of a buyer is refused', () => {
  const payment = () =>
    shop.tables.items<Payment>('Payments').find((one) => one.orderId === 'ord_paid');
  const put = (table: string, item: object | undefined, given: object) =>
    shop.tables.put(table, { ...item, ...given });

  it.each<[string, () => unknown, string, string]>([
    [
      'order is open',
      () => shop.place(anErasedOrder('ord_new')),
      'order ord_new',
      'is PENDING_PAYMENT',
    ],
    [
      'payment is open',
      () => put('Payments', payment(), { status: 'UNKNOWN' }),
      'payment pay_',
      'is UNKNOWN',
    ],
    [
      'payment is due',
      () => put('Payments', payment(), { dueAt: noon.toISOString() }),
      'payment pay_',
      'is to be compared with the gateway',
    ],
    [
      'payment is disputed',
      () => put('Payments', payment(), { dispute: { id: 'dp_1', status: 'open' } }),
      'payment pay_',
      'is disputed',
    ],
    [
      'refund is in progress',
      () => put('Payments', payment(), { refundPending: 10 }),
      'payment pay_',
      'has a refund in progress',
    ],
    [
      'refund is under review',
      () => put('Refunds', shop.tables.items<object>('Refunds')[0], { status: 'UNDER_REVIEW' }),
      'refund rfd_',
      'is UNDER_REVIEW',
    ],
    [
      'review is open',
      () => put('Reviews', shop.tables.items<object>('Reviews')[0], { status: 'OPEN' }),
      'review rev_1',
      'is OPEN',
    ],
    [
      'booking of the balance was skipped',
      () =>
        put('Payments', payment(), {
          skipped: [{ target: `BALANCE#${erasedBuyer}`, delta: 700, outcome: 'target-missing' }],
        }),
      'payment pay_',
      'has a skipped booking of the balance',
    ],
    [
      'balance is not empty',
      () =>
        put('Balances', shop.tables.items<object>('Balances')[0], { available: 5, deposited: 705 }),
      'balance',
      'has 5 KRW available',
    ],
    [
      'balance is not valid',
      () => put('Balances', shop.tables.items<object>('Balances')[0], { held: -1 }),
      'balance',
      'is not valid as stored: held',
    ],
    [
      'payment is not valid',
      () => put('Payments', payment(), { history: [] }),
      'payment pay_',
      'is not valid as stored',
    ],
  ])('while its %s, and writes nothing', async (_, change, item, reason) => {
    change();
    const untouched = shop.text();

    const { open, pseudonym } = await shop.erase();

    expect(open).toEqual([
      { item: expect.stringContaining(item), reason: expect.stringContaining(reason) },
    ]);
    expect(pseudonym).toBeUndefined();
    expect(shop.text()).toBe(untouched);
  });

  it('while events with the id may be on their way', async () => {
    const { open } = await shop.erase({ settledMs: 6 * dayMs });

    expect(open.map(({ item }) => item.split(' ')[0])).toEqual([
      ...['order', 'order', 'order', 'payment', 'payment', 'points'],
    ]);
    expect(open[0]?.reason).toBe(
      'changed at 2026-03-14T12:00:00.000Z, and its events may be on their way',
    );
  });

  it('for a used coupon whose order is another one that exists', async () => {
    shop.tables.put(
      'Coupons',
      aCoupon({ userId: erasedBuyer, status: 'USED', orderId: 'ord_bob' }),
    );

    const { open, erased } = await shop.erase();

    expect(open).toMatchObject([{ item: 'coupons', reason: expect.stringContaining('1 not') }]);
    expect(erased).toMatchObject({ coupons: 1, payments: 2 });
  });
});
