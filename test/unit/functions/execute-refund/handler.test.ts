import { describe, expect, it } from 'vitest';
import { InvalidAmountError } from '../../../../shared/domain/money.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { aProduct } from '../../../support/builders/builders.ts';
import { later } from '../../../support/builders/refund-generators.ts';
import {
  ambiguous,
  aTeller,
  declined,
  notFound,
  notSent,
  refunded,
  type Teller,
  untilDone,
} from './harness.ts';

const { inquiriesAfterMs, keyLifetimeMs, redeliverAfterMs } = timings.local;
const tea = (quantity: number, restock = true) => ({
  lines: [{ sku: 'tea', quantity, restock }],
});
const aDayLater = new Date(later(11).getTime() + keyLifetimeMs);

describe('a refund', () => {
  it('is asked of the PG under one key, and moves every book at once', async () => {
    const teller = aTeller(tea(1));

    expect(await teller.deliver()).toMatchObject({ outcome: 'SUCCEEDED', version: 2 });

    const { paymentId } = teller.requested.payment;
    expect(teller.world.asked).toEqual([
      [
        'refund',
        {
          key: 'rfd:rfd_1',
          reference: paymentId,
          amount: 2_500,
          currency: 'KRW',
          transactionId: 'txn_1',
        },
      ],
    ]);
    expect(teller.refund()).toMatchObject({
      status: 'SUCCEEDED',
      pg: { refundId: 'rfn_1' },
      net: 2_500,
      paymentVersion: 5,
      soldAt: later(2).toISOString(),
    });
    expect(teller.refund().history.at(-1)?.asked).toMatchObject([
      { operation: 'refund', outcome: 'refunded' },
    ]);
    expect(teller.payment()).toMatchObject({ version: 5, refunded: 2_500, refundPending: 0 });
    expect(teller.order()).toMatchObject({ status: 'PARTIALLY_REFUNDED', version: 4 });
    expect(teller.balance()).toMatchObject({ available: 12_500, spent: 2_500 });
    expect(teller.products()).toMatchObject([{ available: 101, sold: 1 }]);
  });

  it('of all refunds the order, and restocks only what is to go back into the stock', async () => {
    const teller = aTeller({
      lines: [
        { sku: 'tea', quantity: 1, restock: true },
        { sku: 'tea', quantity: 1, restock: false },
      ],
    });

    await teller.deliver();

    expect(teller.order()).toMatchObject({ status: 'REFUNDED' });
    expect(teller.balance()).toMatchObject({ available: 15_000, spent: 0 });
    expect(teller.products()).toMatchObject([{ available: 101, sold: 1 }]);
  });

  it.each([-1_000, 999.5])('of %s is never asked of the PG', async (amount) => {
    const teller = aTeller({ amount: 1 });
    teller.tables.put('Refunds', { ...teller.refund(), amount });

    expect(await teller.deliver()).toBeInstanceOf(InvalidAmountError);

    expect(teller.world.asked).toEqual([]);
  });

  it('of an amount leaves the stock alone', async () => {
    const teller = aTeller({ amount: 1 });

    await teller.deliver();

    expect(teller.balance()).toMatchObject({ available: 10_001, spent: 4_999 });
    expect(teller.products()).toMatchObject([{ available: 100, sold: 2 }]);
  });

  it('of what the coupon covered asks no PG', async () => {
    const teller = aTeller('rest', { paid: { discount: 5_000 } });

    expect(await teller.deliver()).toMatchObject({ outcome: 'SUCCEEDED' });

    expect(teller.calls()).toEqual([]);
    expect(teller.payment()).toMatchObject({ refunded: 0, unitsRefunded: 2 });
    expect(teller.order()).toMatchObject({ status: 'REFUNDED' });
    expect(teller.products()).toMatchObject([{ available: 102, sold: 0 }]);
  });

  it('that has ended is not asked for again', async () => {
    const teller = aTeller(tea(1));
    await teller.deliver();

    expect(await teller.deliver()).toMatchObject({ outcome: 'SUCCEEDED' });

    expect(teller.calls()).toEqual(['refund']);
    expect(teller.balance()).toMatchObject({ available: 12_500 });
  });

  it('that the PG refuses sets nothing aside any more', async () => {
    const teller = aTeller(tea(1), { refunds: [declined] });

    expect(await teller.deliver()).toMatchObject({ outcome: 'FAILED' });

    expect(teller.refund()).toMatchObject({
      failure: { code: 'refund_declined', evidence: expect.stringContaining('refund_declined') },
    });
    expect(teller.payment()).toMatchObject({
      refunded: 0,
      refundPending: 0,
      returned: [],
    });
    expect(teller.order()).toMatchObject({ status: 'COMPLETED' });
    expect(teller.balance()).toMatchObject({ available: 10_000, spent: 5_000 });
  });
});

describe('a lost answer', () => {
  it.each([
    ['was paid back', [refunded], ['refund', 'inquire']],
    ['never arrived', [notFound], ['refund', 'inquire', 'refund']],
    [
      'is being worked on',
      [{ outcome: 'in-progress' }, refunded],
      ['refund', 'inquire', 'inquire'],
    ],
  ] as const)(
    'is found out where the refund %s, and it is one refund',
    async (_case, inquiries, calls) => {
      const teller = aTeller(tea(1), { refunds: [ambiguous], inquiries });

      expect(await teller.deliver()).toBe(inquiriesAfterMs[0]);
      expect(teller.refund()).toMatchObject({
        status: 'REQUESTED',
        tries: 1,
        askedAt: later(10).toISOString(),
        dueAt: later(11).toISOString(),
      });
      expect(teller.payment()).toMatchObject({ refunded: 0, refundPending: 2_500 });
      expect(await teller.deliver(), 'not before its time').toBe(inquiriesAfterMs[0]);
      expect(await untilDone(teller)).toMatchObject({ outcome: 'SUCCEEDED' });

      expect(teller.calls()).toEqual(calls);
      expect(new Set(teller.world.asked.map(([, { key }]) => key))).toEqual(new Set(['rfd:rfd_1']));
      expect(teller.balance()).toMatchObject({ available: 12_500, spent: 2_500 });
    },
  );

  it('of a refund that the PG refused is a refusal', async () => {
    const teller = aTeller(tea(1), { refunds: [ambiguous], inquiries: [declined] });

    expect(await untilDone(teller)).toMatchObject({ outcome: 'FAILED' });
    expect(teller.payment()).toMatchObject({ refundPending: 0 });
  });

  it('is asked about by one of two messages, and waited for by none too many', async () => {
    const teller = aTeller(tea(1), { refunds: [ambiguous] });

    const [first, second] = [await teller.deliver(), await teller.deliver()];

    expect([first, second]).toEqual([inquiriesAfterMs[0], inquiriesAfterMs[0]]);
    expect(teller.calls()).toEqual(['refund']);
  });
});

describe('a PG that takes nothing', () => {
  it.each([notSent, { ...notSent, cause: 'credentials' } as const])(
    'is sent the same key again, without being asked about what it never got: %o',
    async (unsent) => {
      const teller = aTeller(tea(1), { refunds: [unsent, unsent] });

      expect(await untilDone(teller)).toMatchObject({ outcome: 'SUCCEEDED' });

      expect(teller.calls()).toEqual(['refund', 'refund', 'refund']);
      expect(teller.refund()).not.toHaveProperty('askedAt');
    },
  );

  it('uses up none of the tries of a refund, however long that lasts', async () => {
    const refunds = inquiriesAfterMs.flatMap(() => [notSent, notSent]);
    const teller = aTeller(tea(1), { refunds });
    const { version } = teller.refund();

    for (const _ of refunds) {
      const waited = await teller.deliver();
      expect(waited).toBeLessThanOrEqual(Math.max(...redeliverAfterMs));
      expect(teller.refund()).toMatchObject({ status: 'REQUESTED', version, tries: 0 });
      teller.world.now = new Date(Date.parse(teller.refund().dueAt ?? ''));
    }

    expect(await untilDone(teller)).toMatchObject({ outcome: 'SUCCEEDED' });
  });
});

describe('a refund that cannot be found out', () => {
  it('is for a person to decide after the last try, and its money stays set aside', async () => {
    const lost = inquiriesAfterMs.map(() => ambiguous).concat(ambiguous);
    const teller = aTeller(tea(1), { refunds: lost, inquiries: lost });

    expect(await untilDone(teller)).toMatchObject({ outcome: 'UNDER_REVIEW' });

    expect(teller.refund()).toMatchObject({
      tries: inquiriesAfterMs.length + 1,
      failure: { code: 'outcome-unknown', evidence: expect.stringContaining('timeout') },
    });
    // Until its review is stored.
    expect(teller.refund()).toHaveProperty('dueAt');
    expect(teller.payment()).toMatchObject({ refunded: 0, refundPending: 2_500 });
    expect(teller.balance()).toMatchObject({ available: 10_000, spent: 5_000 });
  });

  it.each([
    ['whose message comes after a day', []],
    ['whose answer was lost a day ago', [ambiguous]],
  ])('%s is not sent under a key that may be forgotten', async (_case, refunds) => {
    const teller = aTeller(tea(1), { refunds, inquiries: [notFound] });
    if (refunds.length > 0) await teller.deliver();
    const sent = teller.calls().length;
    teller.world.now = aDayLater;

    expect(await teller.deliver()).toMatchObject({ outcome: 'UNDER_REVIEW' });

    expect(teller.calls().slice(sent)).toEqual(['inquire']);
    expect(teller.refund()).toMatchObject({
      failure: { evidence: expect.stringContaining('may have forgotten its key') },
    });
  });

  it('after a day is settled where the PG still knows it', async () => {
    const teller = aTeller(tea(1));
    teller.world.now = aDayLater;

    expect(await teller.deliver()).toMatchObject({ outcome: 'SUCCEEDED' });
    expect(teller.calls()).toEqual(['inquire']);
  });
});

it('that the PG refuses although the buyer has cancelled the payment is for a person to decide', async () => {
  const teller = aTeller(tea(1), { refunds: [declined] });
  teller.tables.put('Refunds', { ...teller.refund(), isOfCancel: true });

  expect(await teller.deliver()).toMatchObject({ outcome: 'UNDER_REVIEW' });

  expect(teller.refund()).toMatchObject({
    status: 'UNDER_REVIEW',
    dueAt: expect.any(String),
    failure: {
      code: 'cancel-refund-declined',
      evidence: expect.stringContaining('refund_declined'),
    },
  });
  expect(teller.payment()).toMatchObject({ refundPending: 2_500 });
});

describe('a step whose next one is far away', () => {
  it('ends its message and leaves the refund to the sweeper', async () => {
    const teller = aTeller(tea(1));
    const refund = { ...teller.refund(), tries: 1, dueAt: later(10_000).toISOString() };
    teller.tables.put('Refunds', refund);

    expect(await teller.deliver()).toMatchObject({ outcome: 'left to the sweeper' });
    expect(teller.calls()).toEqual([]);
  });
});

describe('an answer of the PG', () => {
  it('that comes when the refund has moved on changes nothing', async () => {
    const teller = aTeller(tea(1));
    teller.world.whileAsking = () =>
      teller.tables.put('Refunds', { ...teller.refund(), status: 'UNDER_REVIEW', version: 2 });

    await teller.deliver();

    expect(teller.refund()).toMatchObject({ status: 'UNDER_REVIEW', version: 2 });
    expect(teller.payment()).toEqual(teller.requested.payment);
    expect(teller.balance()).toMatchObject({ available: 10_000, spent: 5_000 });
  });

  it('is booked although the payment moved while the PG was asked', async () => {
    const teller = aTeller(tea(1));
    teller.world.whileAsking = () =>
      teller.tables.put('Payments', { ...teller.payment(), version: 9, refundPending: 2_600 });

    expect(await teller.deliver()).toMatchObject({ outcome: 'SUCCEEDED' });

    expect(teller.payment()).toMatchObject({ version: 10, refunded: 2_500, refundPending: 100 });
    expect(teller.refund()).toMatchObject({ net: 2_500, paymentVersion: 10 });
  });
});

describe('a refund that the gateway has paid', () => {
  const sold = aProduct({ sku: 'tea', sold: 0, available: 9 });

  it.each<[string, (teller: Teller) => void, object, object]>([
    [
      'a product that is gone',
      ({ tables }) => tables.drop('Products', { sku: 'tea' }),
      { target: 'STOCK#tea', delta: 1, outcome: 'target-missing' },
      { products: [] },
    ],
    [
      'a product whose sales were counted anew',
      ({ tables }) => tables.put('Products', sold),
      { target: 'STOCK#tea', delta: 1, outcome: 'target-disagrees' },
      { products: [sold] },
    ],
    [
      'a balance that is gone',
      ({ tables }) => tables.drop('Balances', { userId: 'alice' }),
      { target: 'BALANCE#alice', delta: 2_500, outcome: 'target-missing' },
      { balance: undefined },
    ],
    [
      'a balance with less spent than was paid',
      ({ tables, balance }) => tables.put('Balances', { ...balance(), spent: 2_499 }),
      { target: 'BALANCE#alice', delta: 2_500, outcome: 'target-disagrees' },
      { balance: expect.objectContaining({ spent: 2_499 }) },
    ],
    [
      'an order that is gone',
      ({ tables, order }) => tables.drop('Orders', { orderId: order().orderId }),
      { target: expect.stringMatching(/^ORDER#/), delta: 0, outcome: 'target-missing' },
      { order: undefined },
    ],
    [
      'an order that is in no state to be refunded',
      ({ tables, order }) => tables.put('Orders', { ...order(), status: 'CANCELLED' }),
      { target: expect.stringMatching(/^ORDER#/), delta: 0, outcome: 'target-disagrees' },
      { order: expect.objectContaining({ status: 'CANCELLED' }) },
    ],
  ])('succeeds once, books the rest and records %s', async (_what, happen, skipped, rest) => {
    const teller = aTeller(tea(1));
    happen(teller);

    expect(await teller.deliver()).toMatchObject({ outcome: 'SUCCEEDED' });

    expect(teller.calls()).toEqual(['refund']);
    expect(teller.refund()).toMatchObject({ pg: { refundId: 'rfn_1' }, skipped: [skipped] });
    expect(teller.payment()).toMatchObject({ refunded: 2_500, refundPending: 0 });
    expect({
      products: teller.products(),
      balance: teller.balance(),
      order: teller.order(),
    }).toMatchObject({
      products: [{ sold: 1 }],
      balance: { spent: 2_500 },
      order: { status: 'PARTIALLY_REFUNDED' },
      ...rest,
    });
  });

  it('takes no units or money back that its capture could not book', async () => {
    const teller = aTeller(tea(1));
    const skipped = [
      { target: 'STOCK#tea', delta: 2, outcome: 'target-missing' },
      { target: 'BALANCE#alice', delta: 5_000, outcome: 'target-disagrees' },
    ] as const;
    teller.tables.put('Payments', { ...teller.payment(), skipped });

    await teller.deliver();

    expect(teller.refund()).toMatchObject({
      status: 'SUCCEEDED',
      skipped: [
        { target: 'BALANCE#alice', delta: 2_500, outcome: 'target-disagrees' },
        { target: 'STOCK#tea', delta: 1, outcome: 'target-missing' },
      ],
    });
    expect(teller.products()).toMatchObject([{ sold: 2 }]);
    expect(teller.balance()).toMatchObject({ spent: 5_000 });
  });
});
