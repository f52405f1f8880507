import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canaryBuyer } from '../../../../shared/domain/canary.ts';
import { IllegalTransitionError } from '../../../../shared/domain/errors.ts';
import { buyerStatus } from '../../../../shared/domain/payments/buyer-status.ts';
import { openPayment, rejectPayment } from '../../../../shared/domain/payments/open-payment.ts';
import type { Payment, PaymentStatus } from '../../../../shared/domain/payments/payment.ts';
import { paymentTransitions } from '../../../../shared/domain/payments/payment-transition-table.ts';
import {
  canTransition,
  isFinal,
  type PaymentTransitionName,
  paymentEventOfEntry,
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
  balanceAmount: 500,
  paymentMethod: 'sim_approve',
  requestHash: 'hash',
} as const;

const names = Object.keys(paymentTransitions) as PaymentTransitionName[];
const laterNames = names.filter((name) => paymentTransitions[name].from.length > 0);
const step = { at, by: 'test' };

/** Any payment of a buyer after any allowed transitions. */
const paymentOf = (userId: string) =>
  fc
    .array(fc.constantFrom(...laterNames), { maxLength: 12 })
    .map((chosen) =>
      chosen.reduce<Payment>(
        (payment, name) =>
          canTransition(payment, name) ? transitionPayment(payment, name, step) : payment,
        openPayment({ ...request, order: { ...request.order, userId } }, at, 1_000),
      ),
    );
const anyPayment = paymentOf('alice');

describe('payment', () => {
  it('holds the part of the balance and one line per SKU', () => {
    const payment = openPayment(request, at, 60_000);

    expect(payment).toMatchObject({ status: 'RESERVED', version: 1, attempt: 0, amount: 1_500 });
    expect(payment.gatewayAmount).toBe(1_000);
    expect(payment.reservation).toEqual({ balance: 500, lines: [{ sku: 'tea', quantity: 2 }] });
    expect(payment.couponId).toBe('welcome');
    expect(payment.dueAt).toBe('2026-11-23T09:01:00.000Z');
  });

  it('holds nothing and keeps the reason if accept rejected it', () => {
    const failure = { code: 'insufficient-balance', reason: 'too little' };
    const payment = rejectPayment(request, at, failure);

    expect(payment).toMatchObject({ status: 'COMPENSATED', failure });
    expect(payment.reservation).toBeUndefined();
  });

  it('keeps a history in which each entry follows from the one before', () => {
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

  it('never leaves COMPLETED and never changes its reservation', () => {
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
        // Also under review: until the review is stored, only the due index leads to it.
        const isPending = !isFinal(payment.status);

        expect('dueAt' in payment).toBe(isPending);
        expect('dueShard' in payment).toBe(isPending);
      }),
    );
  });

  it('expires if it is of the canary and final, and never otherwise', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('alice', canaryBuyer).chain((userId) => paymentOf(userId)),
        (payment) => {
          expect('expiration' in payment).toBe(
            payment.userId === canaryBuyer && isFinal(payment.status),
          );
        },
      ),
    );
  });

  it('drops its claim when it leaves CHARGING', () => {
    const claimed = transitionPayment(openPayment(request, at, 1), 'claimed', {
      ...step,
      change: { attempt: 1, claimExpiresAt: at.toISOString() },
    });

    expect(transitionPayment(claimed, 'chargeNotSent', step)).not.toHaveProperty('claimExpiresAt');
    expect(transitionPayment(claimed, 'chargeNotSent', step).attempt).toBe(1);
  });
});

describe('payment transition table', () => {
  it('has at most one transition with an event between two different statuses', () => {
    const pairs = names.flatMap((name) => {
      const { from, to, ...rest } = paymentTransitions[name];

      // The history entry of a transition that keeps the status has its event.
      return from
        .filter((state) => state !== to)
        .map((state) => ({ pair: `${state}>${to}`, hasEvent: 'event' in rest }));
    });

    for (const [pair, alike = []] of Object.entries(Object.groupBy(pairs, (one) => one.pair))) {
      if (alike.length > 1)
        expect(
          alike.filter(({ hasEvent }) => hasEvent),
          pair,
        ).toEqual([]);
    }
  });

  it.each(names)('gives "%s" its own event', (name) => {
    const { from, to, ...rest } = paymentTransitions[name];

    for (const state of from.length > 0 ? from : [undefined]) {
      const event = 'event' in rest ? rest.event : undefined;
      const entry = { to, ...(state && { from: state }), ...(state === to && event && { event }) };

      expect(paymentEventOfEntry(entry)).toBe(event);
    }
  });
});

describe('buyer status', () => {
  const paid = { ...openPayment(request, at, 1), status: 'COMPLETED' as const };

  it.each([
    [0, 'COMPLETED'],
    [1, 'PARTIALLY_REFUNDED'],
    [1_500, 'REFUNDED'],
  ])('after a refund of %d is %s', (refunded, shown) => {
    expect(buyerStatus({ ...paid, refunded })).toBe(shown);
  });

  it.each([
    [0, 'COMPLETED'],
    [1, 'PARTIALLY_REFUNDED'],
    [2, 'REFUNDED'],
  ])('after a refund of %d of two units that a coupon covered is %s', (units, shown) => {
    expect(buyerStatus({ ...paid, amount: 0, refundedUnits: units })).toBe(shown);
  });

  it('is CONFIRMING for an unknown outcome', () => {
    expect(buyerStatus({ ...paid, status: 'UNKNOWN' })).toBe('CONFIRMING');
  });
});
