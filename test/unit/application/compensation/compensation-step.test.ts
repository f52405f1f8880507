import type { Context } from 'aws-lambda';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createCompensationStep } from '../../../../shared/application/compensation/compensation-step.ts';
import {
  compensationTarget,
  stockTargetsOf,
} from '../../../../shared/domain/compensation/compensation-target.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { logger } from '../../../../shared/observability/logger.ts';
import { traceId, traceparent } from '../../../support/builders/trace.ts';
import {
  createCompensationHarness,
  restoredAmounts,
} from '../../functions/compensation-harness.ts';

const step = vi.fn(async () => ({ outcome: 'restored' }));
const context = { getRemainingTimeInMillis: () => 10_000 } as Context;
const { stores } = createCompensationHarness();
const handler = createCompensationStep(
  { ...stores, name: 'restore-tea', targetsOf: stockTargetsOf },
  step,
);

const run = (event: unknown) => handler(event, context);

beforeEach(() => {
  step.mockReset();
});

describe('compensation step', () => {
  it('logs a failure once and runs again', async () => {
    const logError = vi.spyOn(logger, 'error');
    const fault = new Error('no tea');
    step.mockRejectedValueOnce(fault);

    await expect(run({ paymentId: 'pay_1', traceparent })).rejects.toBe(fault);
    await run({ paymentId: 'pay_1' });

    expect(step).toHaveBeenCalledTimes(2);
    expect(logError.mock.calls).toEqual([
      ['compensation step failed', { paymentId: 'pay_1', traceId, error: fault }],
    ]);
  });

  it.each([[{}], [{ paymentId: '' }], [undefined], ['pay_1']])(
    'rejects other input: %j',
    async (event) => {
      await expect(run(event)).rejects.toThrow();

      expect(step).not.toHaveBeenCalled();
    },
  );
});

describe('a repeated compensation step', () => {
  const steps = {
    stock: stockTargetsOf,
    balance: ({ userId }: Payment) => [compensationTarget.balance(userId)],
    order: ({ orderId }: Payment) => [compensationTarget.order(orderId)],
  };

  const createStep = (name: keyof typeof steps) => {
    const failed = createCompensationHarness();
    const compensate = createCompensationStep(
      { ...failed.stores, name, targetsOf: steps[name] },
      () => failed[name](),
    );

    return { ...failed, run: () => compensate({ paymentId: 'pay_1' }, context) };
  };

  it.each([
    ['stock', 'restored'],
    ['balance', 'restored'],
    ['order', 'cancelled'],
  ] as const)('is answered from the records after a lost answer: %s', async (name, outcome) => {
    const { run, tables, amounts, records } = createStep(name);
    tables.afterWrite = () => {
      throw new Error('connection lost');
    };
    await expect(run()).rejects.toThrow('connection lost');
    tables.afterWrite = () => {};
    const before = { amounts: amounts(), records: records() };

    expect(await run()).toEqual({ outcome });

    expect({ amounts: amounts(), records: records() }).toEqual(before);
  });

  it('has the outcomes of all its targets, in the order of the payment', async () => {
    const { run, tables } = createStep('stock');
    tables.deleteItem('Products', { sku: 'tea' });

    const first = await run();

    expect(first).toEqual({ outcome: 'target-missing, restored' });
    expect(await run()).toEqual(first);
  });

  it('restores what is left after a run that ended halfway', async () => {
    const { run, tables, amounts } = createStep('stock');
    tables.beforeWrite = (written) => {
      if (written.includes('STOCK#tea')) throw new Error('no tea');
    };
    await expect(run()).rejects.toThrow('no tea');
    tables.beforeWrite = () => {};

    expect(await run()).toEqual({ outcome: 'restored, already-recorded' });
    expect(await run()).toEqual({ outcome: 'restored' });

    expect(amounts().stock).toEqual(restoredAmounts.stock);
  });
});
