import { describe, expect, it } from 'vitest';
import type { CompensationRecord } from '../../../../shared/domain/compensation/compensation.ts';
import {
  compensationTarget,
  parseCompensationTarget,
  uncompensatedTargets,
} from '../../../../shared/domain/compensation/compensation-target.ts';
import { aPayment } from '../../../support/builders/builders.ts';

const kinds = ['stock', 'balance', 'coupon', 'order'] as const;

const recordsOf = (targets: readonly string[]): CompensationRecord[] =>
  targets.map((target) => ({
    paymentId: 'pay_1',
    target,
    delta: 0,
    outcome: 'restored',
    compensatedAt: '2026-03-14T12:00:00.000Z',
  }));

describe('compensation target', () => {
  it.each(kinds)('parses the %s target that it builds, also with a separator in the id', (of) => {
    expect(parseCompensationTarget(compensationTarget[of]('a#b'))).toEqual({ of, id: 'a#b' });
  });

  it('is undefined for an unknown kind', () => {
    expect(parseCompensationTarget('PARCEL#1')).toBeUndefined();
  });
});

describe('uncompensated targets', () => {
  const payment = aPayment({ paymentId: 'pay_1' });

  it('are stock, balance and order of a payment without a coupon', () => {
    expect(uncompensatedTargets(payment, [])).toEqual([
      'STOCK#tea',
      `BALANCE#${payment.userId}`,
      `ORDER#${payment.orderId}`,
    ]);
  });

  it('include the coupon of an order that has one', () => {
    expect(uncompensatedTargets({ ...payment, couponId: 'welcome' }, [])).toContain(
      'COUPON#welcome',
    );
  });

  it('exclude the targets with a record', () => {
    const [first = '', ...others] = uncompensatedTargets(payment, []);

    expect(uncompensatedTargets(payment, recordsOf([first]))).toEqual(others);
    expect(uncompensatedTargets(payment, recordsOf([first, ...others]))).toEqual([]);
  });
});
