import { afterEach, expect, it, vi } from 'vitest';
import { measure, publishMeasures, timed } from '../../../shared/runtime/measure.ts';
import { measured } from '../../../shared/runtime/measured-gateway.ts';
import { listenToMetrics } from '../../support/measured.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

it('tells once an invocation, in one line for all that has the same dimensions', () => {
  const told = listenToMetrics();

  measure('Refusals', 1, { code: 'out-of-stock' });
  measure('Refusals', 1, { code: 'out-of-stock' });
  measure('Refusals', 1, { code: 'insufficient-balance' });
  measure('TransactionConflicts', 1, {});
  measure('Sweeps', 1, {});
  publishMeasures();
  publishMeasures();

  expect(told).toEqual([
    { code: 'out-of-stock', Refusals: [1, 1] },
    { code: 'insufficient-balance', Refusals: 1 },
    { TransactionConflicts: 1, Sweeps: 1 },
  ]);
});

it('carries nothing of one invocation into the next', () => {
  const told = listenToMetrics();

  measure('Refusals', 1, { code: 'out-of-stock' });
  publishMeasures();
  measure('TransactionConflicts', 1, {});
  publishMeasures();

  expect(told).toEqual([{ code: 'out-of-stock', Refusals: 1 }, { TransactionConflicts: 1 }]);
});

it('measures what is handled by what came of it, and what is thrown as failed', async () => {
  const told = listenToMetrics();

  await timed(async () => 'done', String);
  await expect(timed(() => Promise.reject(new Error('no')), String)).rejects.toThrow('no');
  publishMeasures();

  expect(told).toEqual([
    { outcome: 'done', HandlingLatency: expect.any(Number) },
    { outcome: 'failed', HandlingLatency: expect.any(Number) },
  ]);
});

it('measures each request to the PG, and hands on its answer as it is', async () => {
  const told = listenToMetrics();
  const answer = { outcome: 'not-found' } as const;
  const asked: unknown[] = [];
  const ask = (request: unknown) => {
    asked.push(request);

    return Promise.resolve(answer);
  };
  const gateway = measured({ inquire: ask } as unknown as Parameters<typeof measured>[0]);
  const reference = { reference: 'pay_1', amount: 1, currency: 'KRW' };

  expect(await gateway.inquire(reference)).toBe(answer);
  publishMeasures();

  expect(asked).toEqual([reference]);
  expect(told).toEqual([
    { operation: 'inquire', answer: 'not-found', PgLatency: expect.any(Number) },
  ]);
});
