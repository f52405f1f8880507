import { describe, expect, it } from 'vitest';
import { IllegalTransitionError } from '../../../../shared/domain/errors.ts';
import {
  canRefundTransition,
  type RefundStatus,
  type RefundTransitionName,
  refundTransitions,
  transitionRefund,
} from '../../../../shared/domain/refunds/refund.ts';
import { aPaidOrder, aRefund, later } from '../../../support/builders/refund-generators.ts';

const names = Object.keys(refundTransitions) as RefundTransitionName[];

describe('the transition table of refunds', () => {
  const { refund: requested } = aRefund(aPaidOrder(), { amount: 1 });
  const states: readonly RefundStatus[] = ['REQUESTED', 'SUCCEEDED', 'FAILED', 'UNDER_REVIEW'];
  const step = { at: later(20), by: 'test' };

  it.each(states)('lets a refund that is %s go where it has a way, and nowhere else', (status) => {
    const refund = { ...requested, status };

    for (const name of names) {
      const { from, to } = refundTransitions[name];
      const isAllowed = (from as readonly RefundStatus[]).includes(status);
      expect(canRefundTransition(refund, name)).toBe(isAllowed);
      if (isAllowed)
        expect(transitionRefund(refund, name, step)).toMatchObject({ status: to, version: 2 });
      else expect(() => transitionRefund(refund, name, step)).toThrow(IllegalTransitionError);
    }
  });

  it('lists a refund as due exactly while it waits for the PG, or for its review to be stored', () => {
    for (const name of names.filter((each) => canRefundTransition(requested, each))) {
      const moved = transitionRefund(requested, name, step);
      const isOpen = moved.status === 'REQUESTED' || moved.status === 'UNDER_REVIEW';
      expect('dueAt' in moved, name).toBe(isOpen);
      expect('dueShard' in moved, name).toBe(isOpen);
    }
  });

  it('has no two ways from one state to another', () => {
    const ways = names.flatMap((name) =>
      refundTransitions[name].from.map((from) => `${from}>${refundTransitions[name].to}`),
    );

    expect(new Set(ways).size).toBe(ways.length);
  });
});
