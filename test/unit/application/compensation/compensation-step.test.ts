import type { Context } from 'aws-lambda';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createCompensationStep } from '../../../../shared/application/compensation/compensation-step.ts';
import { logger } from '../../../../shared/observability/logger.ts';
import { traceId, traceparent } from '../../../support/builders/trace.ts';
import { createMemoryIdempotencyTable } from '../../../support/fakes/memory-idempotency-table.ts';

const idempotencyRecords = createMemoryIdempotencyTable();
const step = vi.fn(async () => ({ outcome: 'restored' }));
const handler = createCompensationStep({ ...idempotencyRecords.store, name: 'restore-tea' }, step);

const run = (event: unknown) =>
  handler(event, { getRemainingTimeInMillis: () => 10_000 } as Context);

beforeEach(() => {
  idempotencyRecords.forget();
  step.mockReset();
});

describe('compensation step', () => {
  it('runs once for each payment and returns the stored result again', async () => {
    const first = await run({ paymentId: 'pay_1' });
    const again = await run({ paymentId: 'pay_1' });
    await run({ paymentId: 'pay_2' });

    expect([first, again]).toEqual([{ outcome: 'restored' }, { outcome: 'restored' }]);
    expect(step).toHaveBeenCalledTimes(2);
  });

  it('stores no result of a failure, logs it once and runs again', async () => {
    const logError = vi.spyOn(logger, 'error');
    const fault = new Error('no tea');
    step.mockRejectedValueOnce(fault);

    await expect(run({ paymentId: 'pay_1', traceparent })).rejects.toBe(fault);
    const recordsAfterFailure = idempotencyRecords.stored();
    await run({ paymentId: 'pay_1' });

    expect(recordsAfterFailure).toEqual([]);
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
