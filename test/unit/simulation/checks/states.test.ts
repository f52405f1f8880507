import { describe, expect, it } from 'vitest';
import { activePayment } from '../../../simulation/checks/active-payment.ts';
import { finalStatuses } from '../../../simulation/checks/final-statuses.ts';
import { histories } from '../../../simulation/checks/histories.ts';
import { itemSize } from '../../../simulation/checks/item-size.ts';
import { orderStatus } from '../../../simulation/checks/order-status.ts';
import { transitions } from '../../../simulation/checks/transitions.ts';
import { versions } from '../../../simulation/checks/versions.ts';
import { compensated, orders, paid, paidVersions, refund, withItems } from './clean-run.ts';
import { problemsAtEnd, problemsOfWrite, writeOf } from './run-builder.ts';

const [accepted, charging, completed] = paidVersions;
const [paidOrder, cancelledOrder] = orders;

describe('the check of versions', () => {
  it.each([
    ['skips a version', accepted, completed],
    ['goes back', completed, charging],
    ['begins above 1', undefined, charging],
    ['changes the status', charging, { ...charging, status: 'COMPLETED' }],
    ['changes an amount', charging, { ...charging, refunded: 1 }],
    ['changes the history', charging, { ...charging, history: [] }],
    ['deletes the item', charging, undefined],
  ])('reports a write that %s', (_, before, after) => {
    expect(problemsOfWrite(versions, writeOf('Payments', before, after))).toContain(
      accepted.paymentId,
    );
  });

  it('accepts an annotation within a version', () => {
    const after = { ...charging, evidence: [], hintedAt: charging.updatedAt };

    expect(problemsOfWrite(versions, writeOf('Payments', charging, after))).toBe('');
  });
});

describe('the check of transitions', () => {
  it('reports a step that the table does not have', () => {
    const write = writeOf('Payments', accepted, { ...completed, version: 2 }, 'charge-payment');

    expect(problemsOfWrite(transitions, write)).toContain('RESERVED to COMPLETED is not allowed');
  });

  it('reports a function that may not make the step', () => {
    const write = writeOf('Payments', accepted, charging, 'sweep-payments');

    expect(problemsOfWrite(transitions, write)).toContain('is not for sweep-payments');
  });

  it('reports a step that the history does not have', () => {
    const after = { ...charging, history: accepted.history };

    expect(
      problemsOfWrite(transitions, writeOf('Payments', accepted, after, 'charge-payment')),
    ).toContain('is in the history as');
  });

  it.each([
    ['Refunds', { ...refund, status: 'FAILED' }, { ...refund, version: 3 }, 'execute-refund'],
    [
      'Orders',
      cancelledOrder,
      { ...cancelledOrder, status: 'PAYING', version: 9 },
      'accept-payment',
    ],
  ])('reports an illegal step in %s', (table, before, after, by) => {
    expect(problemsOfWrite(transitions, writeOf(table, before, after, by))).toContain(
      'not allowed',
    );
  });
});

describe('the check of final statuses', () => {
  it.each([
    ['Payments', 'COMPLETED', 'FAILED'],
    ['Payments', 'COMPENSATED', 'COMPLETED'],
    ['Refunds', 'SUCCEEDED', 'UNDER_REVIEW'],
    ['Orders', 'CANCELLED', 'PAYING'],
    ['Reviews', 'RESOLVED', 'OPEN'],
  ])('reports an item of %s that leaves %s', (table, from, to) => {
    const write = writeOf(table, { status: from }, { status: to });

    expect(problemsOfWrite(finalStatuses, write)).toContain(`leaves ${from} for ${to}`);
  });

  it('accepts a late capture after the compensation', () => {
    const write = writeOf('Payments', compensated, { ...compensated, status: 'LATE_CAPTURED' });

    expect(problemsOfWrite(finalStatuses, write)).toBe('');
  });
});

describe('the check of histories', () => {
  it.each([
    ['a gap', { ...paid, history: paid.history.toSpliced(1, 1) }],
    ['too few entries', { ...paid, version: 6 }],
    ['another end', { ...paid, status: 'REVERSED' }],
    ['a step from elsewhere', { ...paid, history: [{ ...paid.history[0], from: 'UNKNOWN' }] }],
  ])('reports a history with %s', async (_, payment) => {
    expect(await problemsAtEnd(histories, withItems({ Payments: [payment] }))).toContain(
      paid.paymentId,
    );
  });
});

describe('the check of active payments', () => {
  it('reports a payment of an order that has another active one', () => {
    const other = { ...charging, paymentId: 'pay_other' };

    expect(
      problemsOfWrite(
        activePayment,
        writeOf('Payments', undefined, accepted),
        withItems({ Payments: [other] }),
      ),
    ).toContain('pay_other, which is CHARGING');
  });

  it('accepts a payment after one that failed', () => {
    const other = { ...compensated, orderId: accepted.orderId };

    expect(
      problemsOfWrite(
        activePayment,
        writeOf('Payments', undefined, accepted),
        withItems({ Payments: [other] }),
      ),
    ).toBe('');
  });
});

describe('the check of orders', () => {
  it.each([
    ['of another refund stage', { Orders: [{ ...paidOrder, status: 'REFUNDED' }, cancelledOrder] }],
    [
      'open after a failed payment',
      { Orders: [paidOrder, { ...cancelledOrder, status: 'PAYING' }] },
    ],
    [
      'held by a stranger',
      { Orders: [{ ...paidOrder, activePaymentId: 'pay_1' }, cancelledOrder] },
    ],
    ['paid twice', { Payments: [paid, { ...paid, paymentId: 'pay_2' }] }],
    ['paid and not stored', { Orders: [cancelledOrder] }],
  ])('reports an order that is %s', async (_, changed) => {
    expect(await problemsAtEnd(orderStatus, withItems(changed))).toMatch(/^ord_/);
  });

  it('accepts an order that is not paid', async () => {
    const fresh = { ...cancelledOrder, orderId: 'ord_new', status: 'PENDING_PAYMENT' };

    expect(await problemsAtEnd(orderStatus, withItems({ Orders: [...orders, fresh] }))).toBe('');
  });
});

describe('the check of item sizes', () => {
  it('reports an item above 100 KB', () => {
    expect(
      problemsOfWrite(itemSize, writeOf('Payments', undefined, { text: 'x'.repeat(100_001) })),
    ).toContain('an item of Payments has 100005 bytes');
  });

  it('measures by the rules of DynamoDB, not by the JSON', () => {
    expect(
      problemsOfWrite(itemSize, writeOf('Payments', undefined, { text: 'x'.repeat(99_000) })),
    ).toBe('');
  });
});
