import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IllegalTransitionError } from '../../../../shared/domain/errors.ts';
import { openPayment, rejectPayment } from '../../../../shared/domain/payments/open-payment.ts';
import {
  buyerStatus,
  type Payment,
  type PaymentStatus,
} from '../../../../shared/domain/payments/payment.ts';
import {
  canTransition,
  isFinal,
  type PaymentTransitionName,
  paymentTransitionEvent,
  paymentTransitions,
  transitionPayment,
} from '../../../../shared/domain/payments/payment-transitions.ts';

const at = new Date('2026-11-23T09:00:00.000Z');

const request = {
  paymentId: 'pay_1',
  order: {
    orderId: 'ord_1',
    userId: 'alice',
    status: 'PENDING_PAYMENT',
    lines: [{ sku: 'tea', quantity: 2, unitPrice: 1_000 }],
    couponId: 'welcome',
    subtotal: 2_000,
    discount: 500,
    total: 1_500,
    currency: 'KRW',
    requestHash: 'h',
    expiresAt: '2026-11-24T09:00:00.000Z',
    version: 1,
    createdAt: at.toISOString(),
    updatedAt: at.toISOString(),
  },
  paymentMethod: 'sim_approve',
  requestHash: 'hash',
} as const;

const names = Object.keys(paymentTransitions) as PaymentTransitionName[];
const moves = names.filter((name) => paymentTransitions[name].from.length > 0);
const step = { at, by: 'test' };

/** Any payment that the table allows, by whatever way. */
const anyPayment = fc
  .array(fc.constantFrom(...moves), { maxLength: 12 })
  .map((wishes) =>
    wishes.reduce<Payment>(
      (payment, name) =>
        canTransition(payment, name) ? transitionPayment(payment, name, step) : payment,
      openPayment(request, at, 1_000),
    ),
  );

describe('a payment', () => {
  it('holds the total of its order and one line a sku', () => {
    const payment = openPayment(request, at, 60_000);

    expect(payment).toMatchObject({ status: 'RESERVED', version: 1, attempt: 0, amount: 1_500 });
    expect(payment.reservation).toEqual({ balance: 1_500, lines: [{ sku: 'tea', quantity: 2 }] });
    expect(payment.couponId).toBe('welcome');
    expect(payment.dueAt).toBe('2026-11-23T09:01:00.000Z');
  });

  it('refused at accept holds nothing and keeps its reason', () => {
    const failure = { code: 'insufficient-balance', reason: 'too little' };
    const payment = rejectPayment(request, at, failure);

    expect(payment).toMatchObject({ status: 'FAILED', failure });
    expect(payment.reservation).toBeUndefined();
  });

  it('keeps a journal whose every entry follows from the one before', () => {
    fc.assert(
      fc.property(anyPayment, (payment) => {
        expect(payment.version).toBe(payment.history.length);
        payment.history.forEach((entry, index) => {
          expect(entry.version).toBe(index + 1);
          expect(entry.from).toBe(payment.history[index - 1]?.to);
        });
        expect(payment.history.at(-1)?.to).toBe(payment.status);
      }),
    );
  });

  it('changes state only by a transition of the table and throws otherwise', () => {
    fc.assert(
      fc.property(anyPayment, fc.constantFrom(...names), (payment, name) => {
        const allowed = (paymentTransitions[name].from as readonly PaymentStatus[]).includes(
          payment.status,
        );

        if (allowed)
          expect(transitionPayment(payment, name, step).status).toBe(paymentTransitions[name].to);
        else expect(() => transitionPayment(payment, name, step)).toThrow(IllegalTransitionError);
      }),
    );
  });

  it('never leaves COMPLETED, and holds what it reserved unchanged', () => {
    fc.assert(
      fc.property(anyPayment, (payment) => {
        const left = payment.history.filter(
          ({ from, to }) => from === 'COMPLETED' && to !== 'COMPLETED',
        );

        expect(left).toEqual([]);
        expect(payment.reservation).toEqual(openPayment(request, at, 1).reservation);
      }),
    );
  });

  it('is in the due index exactly while a transition is pending', () => {
    fc.assert(
      fc.property(anyPayment, (payment) => {
        // Under review too: until its review is stored, nothing but the index knows that a person is to decide.
        const isToMove = !isFinal(payment.status);

        expect('dueAt' in payment).toBe(isToMove);
        expect('dueShard' in payment).toBe(isToMove);
      }),
    );
  });

  it('drops its claim with the state that claimed it', () => {
    const claimed = transitionPayment(openPayment(request, at, 1), 'claimed', {
      ...step,
      change: { attempt: 1, claimExpiresAt: at.toISOString() },
    });

    expect(transitionPayment(claimed, 'chargeNotSent', step)).not.toHaveProperty('claimExpiresAt');
    expect(transitionPayment(claimed, 'chargeNotSent', step).attempt).toBe(1);
  });
});

describe('the transition table', () => {
  it('has no two ways from one state to another that are told, so that a move names its event', () => {
    const ways = names.flatMap((name) => {
      const { from, to, ...rest } = paymentTransitions[name];

      return from.map((state) => ({ way: `${state}>${to}`, isTold: 'event' in rest }));
    });

    for (const [way, alike = []] of Object.entries(Object.groupBy(ways, (one) => one.way))) {
      if (alike.length > 1)
        expect(
          alike.filter(({ isTold }) => isTold),
          way,
        ).toEqual([]);
    }
  });

  it.each(names)('tells of "%s" by its own event', (name) => {
    const { from, to, ...rest } = paymentTransitions[name];

    for (const state of from.length > 0 ? from : [undefined]) {
      expect(paymentTransitionEvent(state, to)).toBe('event' in rest ? rest.event : undefined);
    }
  });
});

describe('what a buyer sees', () => {
  const paid = { ...openPayment(request, at, 1), status: 'COMPLETED' as const };

  it.each([
    [0, 'COMPLETED'],
    [1, 'PARTIALLY_REFUNDED'],
    [1_500, 'REFUNDED'],
  ])('of a completed payment with %d refunded is %s', (refunded, shown) => {
    expect(buyerStatus({ ...paid, refunded })).toBe(shown);
  });

  it.each([
    [0, 'COMPLETED'],
    [1, 'PARTIALLY_REFUNDED'],
    [2, 'REFUNDED'],
  ])(
    'of a payment that its coupon covered, with %d of two units refunded, is %s',
    (units, shown) => {
      expect(buyerStatus({ ...paid, amount: 0, refundedUnits: units })).toBe(shown);
    },
  );

  it('of an unknown outcome is CONFIRMING, never a failure', () => {
    expect(buyerStatus({ ...paid, status: 'UNKNOWN' })).toBe('CONFIRMING');
  });
});
