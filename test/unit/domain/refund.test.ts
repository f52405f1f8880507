import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IllegalTransition, type RefusalCode } from '../../../shared/domain/errors.ts';
import { refundStageOf } from '../../../shared/domain/payment.ts';
import {
  advanceRefund,
  mayRefundMove,
  type RefundStatus,
  type RefundTransitionName,
  refundTransitions,
} from '../../../shared/domain/refund.ts';
import { failRefund, settleRefund } from '../../../shared/domain/refund-outcome.ts';
import { leftOf, type RefundWish } from '../../../shared/domain/refund-request.ts';
import { aPayment } from '../../support/builders.ts';
import {
  anyBefallings,
  anyLines,
  anyPaidOrder,
  aPaidOrder,
  aRefund,
  befallen,
  later,
  paidBack,
  refused,
} from '../../support/refund-history.ts';

const names = Object.keys(refundTransitions) as RefundTransitionName[];
const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);

/** Three for 1000, less 1000: no unit costs a whole number. */
const paid = () =>
  aPaidOrder({
    lines: [
      { sku: 'tea', quantity: 3, unitPrice: 1_000 },
      { sku: 'cup', quantity: 1, unitPrice: 1_000 },
    ],
    discount: 1_000,
  });
const units = (sku: string, quantity: number, restock = true) => ({ sku, quantity, restock });

/** Any payment and whatever befell its refunds. */
const anyRefunded = anyPaidOrder.chain((one) =>
  anyBefallings(one.order).map((befallings) => ({ one, befallings })),
);

describe('a refund', () => {
  it('sets its amount aside, and begins due', () => {
    const { payment, refund } = aRefund(paid(), { amount: 1_200 }, 'rfd_1');

    expect(payment).toMatchObject({ status: 'COMPLETED', version: 4, refunded: 0 });
    expect(payment).toMatchObject({ refundPending: 1_200 });
    expect(payment.history.at(-1)).toMatchObject({
      from: 'COMPLETED',
      to: 'COMPLETED',
      detail: 'refund rfd_1 of 1200 KRW requested',
    });
    expect(refund).toMatchObject({
      status: 'REQUESTED',
      version: 1,
      amount: 1_200,
      lines: [],
      reason: 'broken',
      dueAt: later(10).toISOString(),
    });
  });

  it('of lines costs what they cost after their share of the discount', () => {
    const lines = [units('tea', 1), units('cup', 1, false), units('tea', 1, false)];

    const { payment, refund } = aRefund(paid(), { lines });

    expect(refund.amount).toBe(2_250);
    expect(refund.lines).toEqual([
      { sku: 'tea', quantity: 1, restock: true, amount: 750 },
      { sku: 'cup', quantity: 1, restock: false, amount: 750 },
      { sku: 'tea', quantity: 1, restock: false, amount: 750 },
    ]);
    expect(payment.returned).toEqual({
      tea: { quantity: 2, amount: 1_500 },
      cup: { quantity: 1, amount: 750 },
    });
  });

  it('counts two lines of a sku as one, but for where the units go', () => {
    const lines = [units('tea', 1), units('tea', 1), units('tea', 1, false)];

    expect(aRefund(paid(), { lines }).refund.lines).toMatchObject([
      { sku: 'tea', quantity: 2, restock: true },
      { sku: 'tea', quantity: 1, restock: false },
    ]);
  });

  it('of the rest takes what is left of money and units, and puts them back into the stock', () => {
    const { order, payment } = paid();
    const one = aRefund({ order, payment }, { lines: [units('tea', 2, false)] });
    const two = aRefund({ order, payment: one.payment }, { amount: 100 });

    const { refund, payment: after } = aRefund({ order, payment: two.payment }, 'rest');

    expect(refund.amount).toBe(1_400);
    expect(refund.lines).toMatchObject([units('tea', 1), units('cup', 1)]);
    expect(leftOf(after)).toBe(0);
  });

  it('that succeeds keeps what is left of the payment, at which version, and the day of the sale', () => {
    const requested = aRefund(paid(), { lines: [units('tea', 1)] });

    const { payment, refund } = settleRefund(requested, paidBack);

    expect(payment).toMatchObject({
      version: 5,
      refunded: 750,
      refundPending: 0,
      unitsRefunded: 1,
    });
    expect(refundStageOf(payment)).toBe('PARTIALLY_REFUNDED');
    expect(refund).toMatchObject({
      status: 'SUCCEEDED',
      net: 2_250,
      paymentVersion: 5,
      soldAt: later(2).toISOString(),
      pg: paidBack.pg,
    });
    expect(refund).not.toHaveProperty('dueAt');
  });

  it('that fails leaves the payment as if nobody had asked, but for the journal', () => {
    const before = paid();
    const requested = aRefund(before, { lines: [units('tea', 2)] });

    const { payment, refund } = failRefund(requested, refused);

    expect(refund).toMatchObject({ status: 'FAILED', failure: refused.failure });
    expect(leftOf(payment)).toBe(3_000);
    expect(aRefund({ ...before, payment }, 'rest').refund.lines).toEqual(
      aRefund(before, 'rest').refund.lines,
    );
  });

  it('that failed gives back its own share of a rounded price, not that of a later one', () => {
    const before = aPaidOrder({
      lines: [{ sku: 'tea', quantity: 2, unitPrice: 501 }],
      discount: 1,
    });
    const wish = { lines: [units('tea', 1)] };
    const first = aRefund(before, wish);
    const second = aRefund({ ...before, payment: first.payment }, wish);
    const { payment } = failRefund({ ...first, payment: second.payment }, refused);

    const third = aRefund({ ...before, payment }, wish);

    expect([first, second, third].map(({ refund }) => refund.amount)).toEqual([500, 501, 500]);
    expect(leftOf(third.payment)).toBe(0);
  });

  const spent = () => {
    const before = paid();

    return { ...before, payment: aRefund(before, { amount: 2_900 }).payment };
  };
  const halfReturned = () => {
    const before = paid();

    return { ...before, payment: aRefund(before, { lines: [units('tea', 2)] }).payment };
  };
  const oftenRefunded = () => {
    const { order, payment } = paid();
    const [entry] = payment.history;

    return { order, payment: { ...payment, history: Array.from({ length: 400 }, () => entry) } };
  };

  it.each<[string, () => ReturnType<typeof paid>, RefundWish, RefusalCode, object]>([
    [
      'of a payment that is not paid',
      () => ({ ...paid(), payment: aPayment() }),
      { amount: 1 },
      'payment-not-refundable',
      { detail: 'A payment that is PENDING cannot be refunded.' },
    ],
    [
      'of a payment with a journal that is full',
      oftenRefunded as () => ReturnType<typeof paid>,
      { amount: 1 },
      'payment-not-refundable',
      {},
    ],
    ['of one won too many', paid, { amount: 3_001 }, 'refund-exceeds-captured', {}],
    [
      'of more than others have left',
      spent,
      { amount: 101 },
      'refund-exceeds-captured',
      { detail: '100 KRW of the payment are left to refund.' },
    ],
    [
      'of lines that cost more than others have left',
      spent,
      { lines: [units('tea', 1)] },
      'refund-exceeds-captured',
      {},
    ],
    [
      'of units that others have taken, however they are spelt',
      halfReturned,
      { lines: [units('tea', 1), units('tea', 1, false), units('cup', 1)] },
      'refund-exceeds-captured',
      { errors: [{ sku: 'tea', detail: 'Only 1 of "tea" are left to refund.' }] },
    ],
    [
      'of what was never sold',
      paid,
      { lines: [units('tea', 9), units('hat', 1)] },
      'invalid-request',
      { errors: [{ sku: 'hat', detail: 'The order has no "hat".' }] },
    ],
    ['of what every object has', paid, { lines: [units('constructor', 1)] }, 'invalid-request', {}],
  ])('%s is refused', (_case, given, wish, code, data) => {
    expect(() => aRefund(given(), wish)).toThrow(
      expect.objectContaining({ data: expect.objectContaining({ code, ...data }) }),
    );
  });

  it('takes together with all others never more than was captured, whatever became of them', () => {
    fc.assert(
      fc.property(anyRefunded, ({ one, befallings }) => {
        const sold = new Map(one.order.lines.map(({ sku, quantity }) => [sku, quantity]));

        const { payment, refunds } = befallen(one, befallings, (after) => {
          expect(
            Math.min(after.refunded, after.refundPending, leftOf(after)),
          ).toBeGreaterThanOrEqual(0);
          for (const [sku, { quantity, amount }] of Object.entries(after.returned ?? {})) {
            expect(quantity).toBeLessThanOrEqual(sold.get(sku) ?? 0);
            expect(Math.min(quantity, amount)).toBeGreaterThanOrEqual(0);
          }
        });

        const inState = (status: RefundStatus) =>
          sum(refunds.filter((refund) => refund.status === status).map(({ amount }) => amount));
        expect(inState('SUCCEEDED')).toBe(payment.refunded);
        expect(inState('REQUESTED')).toBe(payment.refundPending);
      }),
    );
  });

  it('of all units, taken apart in any way, is exactly what was paid', () => {
    const byLines = anyPaidOrder.chain((one) =>
      anyBefallings(one.order, anyLines(one.order)).map((befallings) => ({ one, befallings })),
    );

    fc.assert(
      fc.property(byLines, ({ one, befallings }) => {
        const some = befallen(one, befallings);
        const lines = one.order.lines
          .map(({ sku, quantity }) =>
            units(sku, quantity - (some.payment.returned?.[sku]?.quantity ?? 0)),
          )
          .filter(({ quantity }) => quantity > 0);

        const { payment } =
          lines.length > 0 ? aRefund({ ...one, payment: some.payment }, { lines }) : some;

        expect(leftOf(payment)).toBe(0);
      }),
    );
  });

  it('is told of by the payment of which it is the last', () => {
    fc.assert(
      fc.property(anyRefunded, ({ one, befallings }) => {
        const { payment, refunds } = befallen(one, befallings);
        const succeeded = refunds.filter(({ status }) => status === 'SUCCEEDED');
        const last = Math.max(0, ...succeeded.map(({ paymentVersion = 0 }) => paymentVersion));

        expect(
          succeeded.find(({ paymentVersion }) => paymentVersion === last)?.net ?? payment.amount,
        ).toBe(payment.amount - payment.refunded);
        expect(new Set(succeeded.map(({ paymentVersion }) => paymentVersion)).size).toBe(
          succeeded.length,
        );
      }),
    );
  });
});

describe('the transition table of refunds', () => {
  const { refund: requested } = aRefund(paid(), { amount: 1 });
  const states: readonly RefundStatus[] = ['REQUESTED', 'SUCCEEDED', 'FAILED', 'UNDER_REVIEW'];
  const step = { at: later(20), by: 'test' };

  it.each(states)('lets a refund that is %s go where it has a way, and nowhere else', (status) => {
    const refund = { ...requested, status };

    for (const name of names) {
      const { from, to } = refundTransitions[name];
      const isAllowed = (from as readonly RefundStatus[]).includes(status);
      expect(mayRefundMove(refund, name)).toBe(isAllowed);
      if (isAllowed)
        expect(advanceRefund(refund, name, step)).toMatchObject({ status: to, version: 2 });
      else expect(() => advanceRefund(refund, name, step)).toThrow(IllegalTransition);
    }
  });

  it('lists a refund as due exactly while it waits for the PG', () => {
    for (const name of names.filter((each) => mayRefundMove(requested, each))) {
      const moved = advanceRefund(requested, name, step);
      expect('dueAt' in moved, name).toBe(moved.status === 'REQUESTED');
      expect('dueShard' in moved, name).toBe(moved.status === 'REQUESTED');
    }
  });

  it('has no two ways from one state to another', () => {
    const ways = names.flatMap((name) =>
      refundTransitions[name].from.map((from) => `${from}>${refundTransitions[name].to}`),
    );

    expect(new Set(ways).size).toBe(ways.length);
  });
});
