import { describe, expect, it } from 'vitest';
import { RejectionError } from '../../../../shared/domain/errors.ts';
import { assertBuyerMayRefund } from '../../../../shared/domain/refunds/buyer-refund-window.ts';
import { saleTimeOf } from '../../../../shared/domain/refunds/refund-settlement.ts';
import { aPaidOrder } from '../../../support/builders/refund-generators.ts';

const { payment } = aPaidOrder({ userId: 'alice' });
const completedMs = Date.parse(saleTimeOf(payment));
const hourMs = 3_600_000;

const codeAt = (afterMs: number, windowMs: number, of = payment): string => {
  try {
    assertBuyerMayRefund(of, new Date(completedMs + afterMs), windowMs);

    return 'allowed';
  } catch (error) {
    if (!(error instanceof RejectionError)) throw error;

    return error.data.code;
  }
};

describe('window of a buyer’s refunds', () => {
  it.each([
    [0, 'allowed'],
    [hourMs - 1, 'allowed'],
    [hourMs, 'refund-not-allowed'],
    [hourMs + 1, 'refund-not-allowed'],
    [-5, 'allowed'],
  ])('answers %i ms after the completion: %s', (afterMs, answer) => {
    expect(codeAt(afterMs, hourMs)).toBe(answer);
  });

  it('is never open if it is 0, also before the completion', () => {
    const charging = { ...payment, history: payment.history.slice(0, -1) };

    expect([codeAt(0, 0), codeAt(-5, 0), codeAt(0, 0, charging)]).toEqual(
      Array(3).fill('refund-not-allowed'),
    );
  });

  it('has not begun before the completion', () => {
    const charging = { ...payment, history: payment.history.slice(0, -1) };

    expect(codeAt(100 * hourMs, hourMs, charging)).toBe('allowed');
  });

  it('says how long it was', () => {
    expect(() => assertBuyerMayRefund(payment, new Date(completedMs + hourMs), hourMs)).toThrow(
      'Buyers can refund within 60 minutes after the payment completed: ask the support of the shop.',
    );
  });
});
