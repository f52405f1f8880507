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

describe('refund transition table', () => {
  const { refund: requested } = aRefund(aPaidOrder(), { amount: 1 });
  const statuses: readonly RefundStatus[] = ['REQUESTED', 'SUCCEEDED', 'FAILED', 'UNDER_REVIEW'];
  const step = { at: later(20), by: 'test' };

  it.each(statuses)('allows exactly its transitions from %s', (status) => {
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

  it('keeps a refund in the due index while it is REQUESTED or UNDER_REVIEW', () => {
    for (const name of names.filter((each) => canRefundTransition(requested, each))) {
      const after = transitionRefund(requested, name, step);
      const isOpen = after.status === 'REQUESTED' || after.status === 'UNDER_REVIEW';
      expect('dueAt' in after, name).toBe(isOpen);
      expect('dueShard' in after, name).toBe(isOpen);
    }
  });

  it('has at most one transition between two statuses', () => {
    const pairs = names.flatMap((name) =>
      refundTransitions[name].from.map((from) => `${from}>${refundTransitions[name].to}`),
    );

    expect(new Set(pairs).size).toBe(pairs.length);
  });
});
