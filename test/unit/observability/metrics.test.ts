import { Metrics } from '@aws-lambda-powertools/metrics';
import { afterEach, expect, it, vi } from 'vitest';
import { withLatencyMetrics } from '../../../shared/gateway/metered-gateway.ts';
import type { ChargeRequest, PaymentGateway } from '../../../shared/gateway/payment-gateway.ts';
import { logger } from '../../../shared/observability/logger.ts';
import {
  countFailedSecretReads,
  flushMetrics,
  logOutcome,
  recordMetric,
  withLatency,
} from '../../../shared/observability/metrics.ts';
import { noon } from '../../support/builders/builders.ts';
import { captureMetrics } from '../../support/capture-metrics.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

it('publishes one line for each set of dimensions of an invocation', () => {
  const lines = captureMetrics();

  recordMetric('RequestsRejected', 1, { code: 'out-of-stock' });
  recordMetric('RequestsRejected', 1, { code: 'out-of-stock' });
  recordMetric('RequestsRejected', 1, { code: 'insufficient-balance' });
  recordMetric('TransactionConflicts', 1, {});
  recordMetric('SweeperRuns', 1, {});
  flushMetrics();
  flushMetrics();

  expect(lines).toEqual([
    { code: 'out-of-stock', RequestsRejected: [1, 1] },
    { code: 'insufficient-balance', RequestsRejected: 1 },
    { TransactionConflicts: 1, SweeperRuns: 1 },
  ]);
});

it('publishes nothing if the only metric could not be added', () => {
  vi.spyOn(Metrics.prototype, 'addMetric').mockImplementationOnce(() => {
    throw new Error('not a number');
  });
  vi.spyOn(logger, 'error').mockReturnValue();
  const publish = vi.spyOn(Metrics.prototype, 'publishStoredMetrics');

  recordMetric('TransactionConflicts', 1, {});
  flushMetrics();

  expect(publish).not.toHaveBeenCalled();
});

it('carries no metric into the next invocation', () => {
  const lines = captureMetrics();

  recordMetric('RequestsRejected', 1, { code: 'out-of-stock' });
  flushMetrics();
  recordMetric('TransactionConflicts', 1, {});
  flushMetrics();

  expect(lines).toEqual([
    { code: 'out-of-stock', RequestsRejected: 1 },
    { TransactionConflicts: 1 },
  ]);
});

it('records the latency by outcome, and an error as failed', async () => {
  const lines = captureMetrics();

  await withLatency(async () => 'succeeded', String);
  await expect(withLatency(() => Promise.reject(new Error('no')), String)).rejects.toThrow('no');
  flushMetrics();

  expect(lines).toEqual([
    { outcome: 'succeeded', ProcessingLatency: expect.any(Number) },
    { outcome: 'failed', ProcessingLatency: expect.any(Number) },
  ]);
});

it('counts each failed read of a secret, and passes its arguments, value and error on', async () => {
  const lines = captureMetrics();
  const read = countFailedSecretReads(async (key: string) => {
    if (key === 'denied') throw new Error('denied');

    return `value of ${key}`;
  });

  expect(await read('a')).toBe('value of a');
  await expect(read('denied')).rejects.toThrow('denied');
  flushMetrics();

  expect(lines).toEqual([{ SecretReadsFailed: 1 }]);
});

it('counts a gateway request rejected for the API key', async () => {
  const lines = captureMetrics();
  const outcome = { outcome: 'not-sent', reason: '401', cause: 'credentials' } as const;
  const gateway = withLatencyMetrics({ charge: async () => outcome } as unknown as PaymentGateway, {
    now: () => noon,
  });

  await gateway.charge({} as ChargeRequest);
  flushMetrics();

  expect(lines).toMatchObject([
    { operation: 'charge', gatewayOutcome: 'not-sent', GatewayLatency: expect.any(Number) },
    { GatewayCredentialsRejected: 1 },
  ]);
});

it('records the latency of a gateway request and returns its outcome', async () => {
  const lines = captureMetrics();
  const outcome = { outcome: 'not-found' } as const;
  const calls: unknown[] = [];
  let now = noon.getTime();
  const ask = (request: unknown) => {
    calls.push(request);
    now += 250;

    return Promise.resolve(outcome);
  };
  const gateway = withLatencyMetrics({ inquire: ask } as unknown as PaymentGateway, {
    now: () => new Date(now),
  });
  const reference = { reference: 'pay_1', amount: 1, currency: 'KRW' };

  expect(await gateway.inquire(reference)).toBe(outcome);
  flushMetrics();

  expect(calls).toEqual([reference]);
  expect(lines).toEqual([
    { operation: 'inquire', gatewayOutcome: 'not-found', GatewayLatency: 250 },
  ]);
});

it('loses only the metrics that cannot be published', () => {
  const lost = vi.spyOn(Metrics.prototype, 'publishStoredMetrics').mockImplementation(() => {
    throw new Error('no space left');
  });
  recordMetric('SweeperRuns', 1, {});
  expect(() => flushMetrics()).not.toThrow();
  lost.mockRestore();
  const lines = captureMetrics();

  recordMetric('RequestsRejected', 1, { code: 'out-of-stock' });
  flushMetrics();

  expect(lines).toEqual([{ code: 'out-of-stock', RequestsRejected: 1 }]);
});

it('does not fail the work for a value that is not a number', () => {
  const lost = vi.spyOn(logger, 'error').mockReturnValue();

  expect(() => recordMetric('SweeperRuns', 1n as never, {})).not.toThrow();

  expect(lost).toHaveBeenCalledExactlyOnceWith('log line or metric lost', expect.any(Error));
});

it('logs the outcome without metrics that cannot be written', () => {
  const lines = vi.spyOn(logger, 'info').mockReturnValue();
  vi.spyOn(Metrics.prototype, 'serializeMetrics').mockImplementation(() => {
    throw new Error('no');
  });
  vi.spyOn(Metrics.prototype, 'publishStoredMetrics').mockReturnThis();
  recordMetric('SweeperRuns', 1, {});

  logOutcome('sweep completed', { messages: 1 });

  expect(lines).toHaveBeenCalledExactlyOnceWith('sweep completed', { messages: 1 });
});
