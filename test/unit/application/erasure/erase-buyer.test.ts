import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Balance } from '../../../../shared/domain/money.ts';
import type { Coupon, Order } from '../../../../shared/domain/orders/order.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import type { AuditEntry } from '../../../../shared/persistence/audit-log.ts';
import { aCoupon, noon } from '../../../support/builders/builders.ts';
import { traceparent } from '../../../support/builders/trace.ts';
import {
  createErasureHarness,
  type ErasureHarness,
  erasedBuyer,
  putBuyers,
} from '../../../support/harness/erasure-harness.ts';

/** Runs before every command to the tables; may throw. */
let before: () => unknown;
let shop: ErasureHarness;

const openShop = async () => {
  before = () => {};
  shop = createErasureHarness(async () => before());

  return putBuyers(shop);
};

/** The sums of all balances, by column. */
const balanceSums = () =>
  shop.tables.items<Balance>('Balances').reduce(
    (sums, { available, held, spent }) => ({
      available: sums.available + available,
      held: sums.held + held,
      spent: sums.spent + spent,
    }),
    { available: 0, held: 0, spent: 0 },
  );

const expectReconciled = async () =>
  expect(await shop.reconcile()).toMatchObject({ isReconciled: true, discrepancies: [] });

let paid: Order;

beforeEach(async () => {
  ({ paid } = await openShop());
});

describe('erasure of a buyer', () => {
  it('leaves no trace of the buyer, and books with the same sums', async () => {
    await expectReconciled();
    const sums = balanceSums();

    const { found, erased, open, pseudonym } = await shop.erase();

    expect(open).toEqual([]);
    expect(found).toEqual({
      ...{ orders: 3, payments: 2, refunds: 1, reviews: 1, audits: 1 },
      ...{ coupons: 1 + 1, points: 1, balances: 1 },
    });
    // The used coupon is moved together with its order.
    expect(erased).toEqual({ ...found, coupons: 1 });
    expect(shop.text()).not.toMatch(/zoe|bitter/);
    expect(pseudonym).toMatch(/^erased_\w{20,}$/);
    expect(balanceSums()).toEqual(sums);
    await expectReconciled();
    expect(shop.tables.items<Balance>('Balances')).toEqual([
      expect.objectContaining({ userId: 'bob', spent: 900 }),
      { userId: pseudonym, currency: 'KRW', available: 0, held: 0, spent: 700, deposited: 700 },
    ]);
    expect(shop.tables.items<Coupon>('Coupons')).toEqual([
      expect.objectContaining({ userId: pseudonym, couponId: 'welcome', orderId: 'ord_paid' }),
    ]);
  });

  it('audits who, why and how many, without the buyer', async () => {
    const { found, erased, pseudonym } = await shop.erase();

    const entries = shop.tables
      .items<AuditEntry>('Audits')
      .filter(({ action }) => action.startsWith('erase-buyer'));
    expect(entries).toEqual([
      expect.objectContaining({
        ...{ at: noon.toISOString(), actor: 'olivia', reason: 'ticket 4711' },
        ...{ action: 'erase-buyer', subject: `${pseudonym} erase-buyer`, detail: { found } },
      }),
      expect.objectContaining({ action: 'erase-buyer-ended', detail: { erased, left: 0 } }),
    ]);
  });

  it('deletes a used coupon whose order is gone, with the documented permissions', async () => {
    const coupon = aCoupon({ userId: erasedBuyer, status: 'USED', orderId: 'ord_gone' });
    shop.tables.put('Coupons', coupon);

    expect(await shop.erase()).toMatchObject({ open: [], erased: { coupons: 2 } });

    const [, section = ''] = readFileSync('docs/operations.md', 'utf8').split('### Erase a buyer');
    const [table = ''] = section.split('###');
    const documented = [
      ...table.matchAll(/^\| (\w+)(?: and its index `\w+`)? \| (`.*`) \|$/gm),
    ].flatMap(([, name, actions = '']) =>
      actions
        .split(', ')
        .map((action) => `${name} ${action.replace(/`(?:dynamodb:)?(\w+)`/, '$1')}`),
    );
    expect([...shop.actions].sort()).toEqual(documented.sort());
  });

  it.each([
    ['an order id that is a number', { status: 'AVAILABLE', orderId: 7 }],
    ['an order id without a value', { status: 'AVAILABLE', orderId: null }],
    ['an empty order id', { status: 'USED', orderId: '' }],
    ['no status', { status: undefined }],
  ])('deletes a coupon that another service has stored with %s', async (_, given) => {
    shop.tables.put('Coupons', { ...aCoupon({ userId: erasedBuyer, couponId: 'odd' }), ...given });

    expect(await shop.erase()).toMatchObject({ open: [], erased: { coupons: 2, balances: 1 } });
  });

  it('reports how far it is with a buyer of many payments', async () => {
    const payments = shop.tables.items<Payment>('Payments');
    const stored = payments.find(({ status }) => status === 'COMPENSATED');
    for (let index = 0; index < 1_000; index += 1)
      shop.tables.put('Payments', { ...stored, paymentId: `pay_${index}` });
    const lines: string[] = [];

    expect(await shop.erase({ report: (line) => lines.push(line) })).toMatchObject({
      ...{ open: [], erased: { payments: 1_002 } },
    });

    expect(lines).toEqual([
      ...['500 of 1002 payments read', '1000 of 1002 payments read'],
      ...['500 of 1011 transactions', '1000 of 1011 transactions'],
    ]);
  });

  it('publishes nothing: no version and no status changes', async () => {
    const versions = () =>
      ['Orders', 'Payments', 'Refunds'].map((table) =>
        shop.tables
          .items<Payment>(table)
          .map(({ orderId, version, status }) => [orderId, version, status]),
      );
    const earlier = versions();

    await shop.erase();

    expect(versions()).toEqual(earlier);
  });

  it('writes nothing in a dry run, and nothing the second time', async () => {
    const untouched = shop.text();
    expect(await shop.erase({ isDryRun: true })).toMatchObject({
      found: { payments: 2 },
      erased: { payments: 0 },
      open: [],
    });
    expect(shop.text()).toBe(untouched);

    await shop.erase();
    const once = shop.text();

    const again = await shop.erase();
    expect(Object.values(again.found).every((count) => count === 0)).toBe(true);
    expect(again.pseudonym).toBeUndefined();
    expect(shop.text()).toBe(once);
  });

  it('keeps the books right if it ends at any command, and ends in the next run', async () => {
    const sums = balanceSums();
    const partial = new Set<number>();
    // The first commands only read.
    for (let survived = 20; ; survived += 1) {
      await openShop();
      let commands = 0;
      before = () => {
        commands += 1;
        if (commands > survived) throw new Error('the process ended');
      };
      const ended = await shop.erase().then(
        () => true,
        () => false,
      );
      before = () => {};
      partial.add(shop.text().split(erasedBuyer).length);
      expect(balanceSums()).toEqual(sums);
      await expectReconciled();

      expect(await shop.erase()).toMatchObject({ open: [] });
      expect(shop.text()).not.toMatch(/zoe|bitter/);
      await expectReconciled();
      if (ended) break;
    }
    // Each step was the last one in one of the runs.
    expect(partial.size).toBeGreaterThan(8);
  });

  it('lets an operator refund the rest, to the gateway and to the pseudonym', async () => {
    const { pseudonym = '' } = await shop.erase();
    const paymentId = shop.paymentIdOf(paid);

    const { refundId } = await shop.refunds.requestRefund({
      ...{ buyer: pseudonym, paymentId, key: 'operator', traceparent },
      body: { amount: 1_500, reason: 'ticket 4712', balanceFirst: false },
    });
    await shop.refunds.execute(refundId);

    expect(shop.pg.stateOf(paymentId)).toEqual({ captured: [1_000], refunded: [200, 800] });
    expect(shop.tables.items<Balance>('Balances').at(-1)).toMatchObject({
      ...{ userId: pseudonym, available: 700, spent: 0 },
    });
    await expectReconciled();
  });

  /** Writes to the paid payment as another function does, between the reads of the erasure and its first write. */
  const annotateMeanwhile = (given: object) => {
    let isDone = false;
    before = () => {
      if (isDone || shop.tables.items('Audits').length === 1) return;
      isDone = true;
      const payments = shop.tables.items<Payment>('Payments');
      const payment = payments.find(({ orderId }) => orderId === paid.orderId);
      shop.tables.put('Payments', { ...payment, ...given });
    };
  };
  const paidPayment = () => shop.checkout.stores.payments.getOrThrow(shop.paymentIdOf(paid));

  it('leaves a payment that becomes due for a comparison meanwhile, and names it', async () => {
    annotateMeanwhile({ dueAt: noon.toISOString(), dueShard: '1' });

    const { open, erased } = await shop.erase();

    expect(await paidPayment()).toMatchObject({ userId: erasedBuyer });
    expect(open).toMatchObject([{ reason: expect.stringContaining('compared with the gateway') }]);
    expect(erased.payments).toBe(1);
    await expectReconciled();
  });

  it('keeps evidence that is stored meanwhile', async () => {
    const evidence = [{ at: noon.toISOString(), by: 'test', detail: `${erasedBuyer}: late` }];
    annotateMeanwhile({ evidence, evidenceVersion: 1 });

    const { open, pseudonym } = await shop.erase();

    expect(open).toEqual([]);
    expect((await paidPayment()).evidence).toMatchObject([{ detail: `${pseudonym}: late` }]);
  });

  it('fails a refund that read the payment before', async () => {
    const paymentId = shop.paymentIdOf(paid);
    let reads = 0;
    let isErased = false;
    // The request reads the payment, the refund and the order. Then it writes.
    before = async () => {
      reads += 1;
      if (reads !== 4 || isErased) return;
      isErased = true;
      await shop.erase();
    };

    const request = shop.refunds.requestRefund({
      ...{ buyer: erasedBuyer, paymentId, key: 'late', traceparent },
      body: { amount: 100, reason: 'any', balanceFirst: false },
    });

    await expect(request).rejects.toThrow('You have no payment');
    expect(isErased).toBe(true);
    expect(shop.tables.items('Refunds')).toHaveLength(1);
  });

  it('hides the erased payments from the old id', async () => {
    await shop.erase();

    const paymentId = shop.paymentIdOf(paid);
    await expect(shop.checkout.stores.payments.getOwned(erasedBuyer, paymentId)).rejects.toThrow(
      'You have no payment',
    );
    await expect(shop.pay(paid, {}, 'another key')).rejects.toThrow('You have no order');
  });
});
