import { Metrics } from '@aws-lambda-powertools/metrics';
import { afterEach, expect, it, vi } from 'vitest';
import { measured } from '../../../shared/gateway/metered-gateway.ts';
import type { ChargeRequest, PaymentGateway } from '../../../shared/gateway/payment-gateway.ts';
import { logger } from '../../../shared/observability/logger.ts';
import {
  measure,
  publishMeasures,
  tellOutcome,
  timed,
} from '../../../shared/observability/metrics.ts';
import { listenToMetrics } from '../../support/capture-metrics.ts';

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

it('counts a request that the PG refused for our API key', async () => {
  const told = listenToMetrics();
  const answer = { outcome: 'not-sent', reason: '401', cause: 'credentials' } as const;
  const gateway = measured({ charge: async () => answer } as unknown as PaymentGateway);

  await gateway.charge({} as ChargeRequest);
  publishMeasures();

  expect(told).toMatchObject([
    { operation: 'charge', answer: 'not-sent', PgLatency: expect.any(Number) },
    { PgCredentialsRefused: 1 },
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

it('loses what cannot be published, and nothing that follows', () => {
  const lost = vi.spyOn(Metrics.prototype, 'publishStoredMetrics').mockImplementation(() => {
    throw new Error('no space left');
  });
  measure('Sweeps', 1, {});
  expect(() => publishMeasures()).not.toThrow();
  lost.mockRestore();
  const told = listenToMetrics();

  measure('Refusals', 1, { code: 'out-of-stock' });
  publishMeasures();

  expect(told).toEqual([{ code: 'out-of-stock', Refusals: 1 }]);
});

it('never fails the work for a value that is not a number', () => {
  const lost = vi.spyOn(logger, 'error').mockReturnValue();

  expect(() => measure('Sweeps', 1n as never, {})).not.toThrow();

  expect(lost).toHaveBeenCalledExactlyOnceWith('log line or metric lost', expect.any(Error));
});

it('tells the outcome without its metrics if those cannot be written', () => {
  const told = vi.spyOn(logger, 'info').mockReturnValue();
  vi.spyOn(Metrics.prototype, 'serializeMetrics').mockImplementation(() => {
    throw new Error('no');
  });
  vi.spyOn(Metrics.prototype, 'publishStoredMetrics').mockReturnThis();
  measure('Sweeps', 1, {});

  tellOutcome('swept', { letters: 1 });

  expect(told).toHaveBeenCalledExactlyOnceWith('swept', { letters: 1 });
});
