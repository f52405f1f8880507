import { describe, expect, it } from 'vitest';
import { timelyRecovery } from '../../../simulation/checks/timely-recovery.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { afterStep, failing, orders, refund } from './clean-run.ts';
import { problemsOfWrite, type RunParts, writeOf } from './run-builder.ts';

const calmAt = noon.getTime() + 600_000;

/** What the check says about a write so many seconds after the last fault, to an item due at another time. */
const problemsAfter = (
  seconds: number,
  {
    table = 'Payments',
    item = failing as object,
    dueAfter = 0,
    ...parts
  } = {} as Partial<RunParts> & {
    readonly table?: string;
    readonly item?: object;
    readonly dueAfter?: number;
  },
): string => {
  const before = { ...item, dueAt: new Date(calmAt + dueAfter * 1_000).toISOString() };
  const write = writeOf(table, before, item, 'sweep-payments');

  return problemsOfWrite(
    timelyRecovery,
    { ...write, at: calmAt + seconds * 1_000 },
    { items: {}, calmAt, ...parts },
  );
};

describe('the check of a timely recovery', () => {
  it.each([
    ['Payments', failing, failing.paymentId],
    ['Refunds', refund, refund.refundId],
    ['Orders', orders[1], orders[1].orderId],
  ])('reports an item of %s that was due for too long', (table, item, id) => {
    expect(problemsAfter(200, { table, item })).toMatch(
      new RegExp(`^${id} was due at .* and waited for 200 s, until sweep-payments$`),
    );
    expect(problemsAfter(100, { table, item })).toBe('');
  });

  it('gives the timings of the cloud seven minutes', () => {
    expect(problemsAfter(400, { stage: 'sandbox' })).toBe('');
    expect(problemsAfter(430, { stage: 'sandbox' })).not.toBe('');
  });

  it('counts from the last fault, or from the due time if that is later', () => {
    expect(problemsAfter(100, { dueAfter: -3_600 })).toBe('');
    expect(problemsAfter(1_000, { dueAfter: 900 })).toBe('');
    expect(problemsAfter(1_100, { dueAfter: 900 })).not.toBe('');
  });

  const charging = afterStep(aPayment(), 'claimed', 'charge-payment', { attempt: 1 });

  it.each([
    ['a payment method', 300, { ...aPayment(), status: 'REQUIRES_METHOD' }],
    ['an authentication', 121, afterStep(charging, 'actionRequired', 'charge-payment')],
  ])(
    'reports a payment that waits for %s beyond its limit, whatever is due',
    (_, afterMs, item) => {
      const waiting = { item, calmAt: 1, dueAfter: 86_400 };
      const late = (seconds: number) => problemsAfter(afterMs - 600 + seconds, waiting);

      expect(late(141)).toMatch(/^pay_.* and waited for 141 s, until sweep-payments$/);
      expect(late(139)).toBe('');
    },
  );

  it('accepts any wait while faults occur', () => {
    expect(problemsAfter(10_000, { calmAt: 0 })).toBe('');
  });

  it('accepts an item that was not due, and other tables', () => {
    const at = calmAt + 10_000_000;

    expect(problemsOfWrite(timelyRecovery, { ...writeOf('Payments', {}, failing), at })).toBe('');
    expect(problemsAfter(10_000, { table: 'Reviews' })).toBe('');
  });
});
