import { describe, expect, it } from 'vitest';
import { createCoverage, describeCoverage } from '../../../simulation/marks/coverage.ts';
import { exceptionOf } from '../../../simulation/marks/exceptions.ts';
import { takenMark } from '../../../simulation/marks/run-marks.ts';
import {
  transitionMarkOf,
  transitionUniverse,
} from '../../../simulation/marks/transition-marks.ts';

const deployment = {
  consumers: [],
  streams: [],
  stateMachines: {
    Compensation: {
      StartAt: 'Undo',
      States: {
        Undo: {
          Type: 'Parallel',
          Branches: [{ StartAt: 'RestoreStock', States: { RestoreStock: { Type: 'Task' } } }],
        },
      },
    },
  },
};

const writeOf = (table: string, before: object | undefined, after: object) => ({
  table,
  before: before as Readonly<Record<string, unknown>> | undefined,
  after: after as Readonly<Record<string, unknown>>,
  sequence: 1,
  at: 0,
  by: 'charge-payment',
});

describe('createCoverage', () => {
  it('lists what no run has taken', () => {
    const coverage = createCoverage(deployment);
    expect(coverage.missing()).toEqual(
      expect.arrayContaining([
        'transition: Payments accepted',
        'refusal: out-of-stock',
        'event: PaymentCompleted',
        'state: Undo',
        'state: RestoreStock',
        'dead letter: redrive',
      ]),
    );
    coverage.add(['state: RestoreStock', 'refusal: out-of-stock']);

    expect(coverage.missing()).toContain('state: Undo');
    expect(coverage.missing()).not.toContain('state: RestoreStock');
    expect(coverage.missing()).not.toContain('refusal: out-of-stock');
  });

  it('counts the runs of each mark, in the order of the marks', () => {
    const coverage = createCoverage(deployment);
    coverage.add(['state: Undo', 'event: PaymentFailed']);
    coverage.add(['state: Undo']);

    expect([...coverage.counts()]).toEqual([
      ['event: PaymentFailed', 1],
      ['state: Undo', 2],
    ]);
  });

  it('lists the faults that a call never had, only those that it can have', () => {
    const coverage = createCoverage(deployment);
    coverage.add([
      'fault: slow charge-payment dynamodb:Get',
      'fault: gatewayReset charge-payment gateway:POST /charges',
      'fault: eventLost bus ChargePaymentConsumer/Queue',
    ]);
    const missing = coverage.missingFaults();

    expect(missing).toContain('fault: crashAfter charge-payment dynamodb:Get');
    expect(missing).toContain('fault: gatewayError charge-payment gateway:POST /charges');
    expect(missing).not.toContain('fault: transactionConflict charge-payment dynamodb:Get');
    expect(missing.filter((mark) => mark.includes('bus'))).toEqual([]);
  });

  it('describes what is missing and what is rare', () => {
    const coverage = createCoverage(deployment);
    coverage.add(['state: Undo']);

    expect(describeCoverage(coverage)).toContain(
      'Taken in one or two runs only: 1\n  state: Undo\n',
    );
  });
});

describe('transitionMarkOf', () => {
  it('names a step by its table, its name and the status before', () => {
    const before = { status: 'CHARGING', version: 2 };

    expect(transitionMarkOf(writeOf('Payments', before, { status: 'COMPLETED', version: 3 }))).toBe(
      'transition: Payments captured from CHARGING',
    );
    expect(
      transitionMarkOf(writeOf('Payments', undefined, { status: 'RESERVED', version: 1 })),
    ).toBe('transition: Payments accepted');
  });

  it.each([
    ['refundRequested', { refundPending: 5 }],
    ['refundSettled', { refundPending: 0, refunded: 3 }],
    ['refundFailed', { refundPending: 0 }],
  ])('distinguishes %s from the other steps of a completed payment', (name, amounts) => {
    const completed = { status: 'COMPLETED', refundPending: 3, refunded: 0 };
    const write = writeOf(
      'Payments',
      { ...completed, version: 4 },
      { ...completed, ...amounts, version: 5 },
    );

    expect(transitionMarkOf(write)).toBe(`transition: Payments ${name} from COMPLETED`);
    expect(transitionUniverse()).toContain(transitionMarkOf(write));
  });

  it('has no mark for a write that makes no version, or of another table', () => {
    const item = { status: 'CHARGING', version: 2 };

    expect(transitionMarkOf(writeOf('Payments', item, item))).toBeUndefined();
    expect(transitionMarkOf(writeOf('Products', item, item))).toBeUndefined();
  });
});

describe('takenMark', () => {
  it.each([
    ['state RestoreStock', 'state: RestoreStock'],
    ['redelivery ChargePaymentConsumer/Queue', 'retry: redelivery ChargePaymentConsumer/Queue'],
    ['redrive ChargePaymentConsumer/Queue', 'retry: redrive'],
    [
      'crashAfter charge-payment sqs:SendMessage',
      'fault: crashAfter charge-payment sqs:SendMessage',
    ],
  ])('marks %s', (taken, mark) => {
    expect(takenMark(taken)).toBe(mark);
  });
});

describe('exceptionOf', () => {
  it('excuses only what is named', () => {
    expect(exceptionOf('refusal: invalid-request')).toContain('valid requests');
    expect(exceptionOf('refusal: out-of-stock')).toBeUndefined();
    expect(exceptionOf('retry: deferral ChargePaymentConsumer/Queue')).toBeUndefined();
  });
});
