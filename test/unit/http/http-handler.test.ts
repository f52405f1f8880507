import { afterEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import {
  RejectionError,
  RequestInProgressError,
  ServiceUnavailableError,
} from '../../../shared/domain/errors.ts';
import { httpHandler } from '../../../shared/http/http-handler.ts';
import { parseQuery } from '../../../shared/http/request.ts';
import { logger } from '../../../shared/observability/logger.ts';
import { recordMetric } from '../../../shared/observability/metrics.ts';
import { traceId, traceparent } from '../../support/builders/trace.ts';
import { captureMetrics } from '../../support/capture-metrics.ts';
import { call, failingHandler, orderRequest } from '../../support/harness/invoke-handler.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('what is thrown', () => {
  it('reveals nothing of its inside, and is logged whole', async () => {
    const logged = vi.spyOn(logger, 'error');
    const cause = new Error('table secret-table is gone', { cause: new Error('arn:aws:secret') });

    const answer = await call(failingHandler(cause), orderRequest);

    expect(answer.status).toBe(500);
    expect(answer.body).toEqual({
      type: 'urn:aftercommit:problem:internal-error',
      title: expect.any(String),
      status: 500,
      code: 'internal-error',
      detail: expect.any(String),
      instance: '/orders',
      traceId: '0af7651916cd43dd8448eb211c80319c',
    });
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(logged).toHaveBeenCalledExactlyOnceWith(
      'request completed',
      expect.objectContaining({ route: 'POST /orders', status: 500, error: cause }),
    );
  });

  it('is measured, a refusal by its code', async () => {
    const metrics = captureMetrics();

    await call(
      failingHandler(new RejectionError({ code: 'out-of-stock', detail: 'no' })),
      orderRequest,
    );
    await call(failingHandler(new Error('no')), orderRequest);

    expect(metrics).toEqual([
      { code: 'out-of-stock', RequestsRejected: 1 },
      { outcome: 'rejected', RequestLatency: expect.any(Number) },
      { outcome: 'failed', RequestLatency: expect.any(Number) },
    ]);
  });

  it('names the trace of its caller, in the answer and in the log', async () => {
    const logged = vi.spyOn(logger, 'error');

    const answer = await call(failingHandler(new Error('no')), {
      ...orderRequest,
      headers: { traceparent },
    });

    expect(answer.body).toMatchObject({ traceId });
    expect(logged).toHaveBeenCalledWith('request completed', expect.objectContaining({ traceId }));
  });

  it('is answered, too, where a handler throws before it has a promise', async () => {
    const handler = httpHandler((event) => {
      throw new Error(`${parseQuery(z.strictObject({}), event)}`);
    });

    expect(await call(handler, { ...orderRequest, query: { a: '1' } })).toMatchObject({
      status: 400,
      body: { code: 'invalid-request' },
    });
  });

  it('is a 500 where Node finds a defect of ours', async () => {
    const defect = Object.assign(new TypeError('secret'), { code: 'ERR_INVALID_ARG_TYPE' });

    expect(await call(failingHandler(defect), orderRequest)).toMatchObject({ status: 500 });
  });

  it('is a 500 too where it is no error at all', async () => {
    expect(await call(failingHandler('secret'), orderRequest)).toMatchObject({ status: 500 });
    for (const thrown of [undefined, null, 1n, Symbol('secret'), Object.create(null), circular]) {
      const answer = await call(failingHandler(thrown), orderRequest);

      expect(answer).toMatchObject({ status: 500, body: { code: 'internal-error' } });
      expect(JSON.stringify(answer)).not.toContain('secret');
    }
  });

  it.each([
    [
      'an outage',
      new ServiceUnavailableError('Too many writes at once.', { retryAfterSeconds: 7 }),
      '7',
    ],
    [
      'a throttle',
      Object.assign(new Error('secret'), { name: 'ThrottlingException', $fault: 'client' }),
      '1',
    ],
    ['a fault of AWS', Object.assign(new Error('secret'), { $fault: 'server' }), '1'],
    ['a lost connection', Object.assign(new Error('secret'), { code: 'ECONNRESET' }), '1'],
  ])('is a 503 with Retry-After where it is %s', async (_what, error, retryAfter) => {
    const logged = vi.spyOn(logger, 'error');

    const answer = await call(failingHandler(error), orderRequest);

    expect(answer).toMatchObject({
      status: 503,
      headers: { 'retry-after': retryAfter },
      body: { code: 'temporarily-unavailable' },
    });
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(logged).toHaveBeenCalledOnce();
  });

  it('is a 409 with Retry-After where the same key is under way', async () => {
    expect(await call(failingHandler(new RequestInProgressError()), orderRequest)).toMatchObject({
      status: 409,
      headers: { 'retry-after': '1' },
      body: { code: 'idempotency-key-in-flight' },
    });
  });
});

const circular: Record<string, unknown> = {};
circular.self = circular;
const bigAmount = { available: 9_007_199_254_740_993n };

describe('an answer that cannot be written as JSON', () => {
  it.each([
    ['a number beyond 2^53', bigAmount],
    ['a circle', circular],
    [
      'a toJSON that throws',
      {
        toJSON: () => {
          throw new Error('secret');
        },
      },
    ],
  ])('is a problem document, and logged: %s', async (_what, body) => {
    const logged = vi.spyOn(logger, 'error');
    const metrics = captureMetrics();

    const answer = await call(
      httpHandler(async () => ({ status: 200, body })),
      orderRequest,
    );

    expect(answer).toMatchObject({
      status: 500,
      headers: { 'content-type': 'application/problem+json' },
      body: { code: 'internal-error' },
    });
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(logged).toHaveBeenCalledExactlyOnceWith(
      'request completed',
      expect.objectContaining({ status: 500, error: expect.any(Error) }),
    );
    expect(metrics).toEqual([{ outcome: 'failed', RequestLatency: expect.any(Number) }]);
  });

  it('is a problem document also if it is a refusal', async () => {
    const data = { code: 'out-of-stock', detail: 'no', errors: [bigAmount] } as never;

    expect(await call(failingHandler(new RejectionError(data)), orderRequest)).toMatchObject({
      status: 500,
      body: { code: 'internal-error' },
    });
  });
});

describe('a log line that cannot be written', () => {
  const done = httpHandler(async () => ({ status: 201, body: { orderId: 'ord_1' } }));
  const answer = { status: 201, body: { orderId: 'ord_1' } };

  it.each(['info', 'error'] as const)('leaves the answer as it is: %s', async (level) => {
    vi.spyOn(logger, level).mockImplementation(() => {
      throw new Error('no space left');
    });

    expect(await call(done, orderRequest)).toMatchObject(answer);
    expect(await call(failingHandler(new Error('no')), orderRequest)).toMatchObject({
      status: 500,
    });
  });

  it('leaves the answer as it is where nothing can be written at all', async () => {
    for (const level of ['info', 'error', 'warn'] as const)
      vi.spyOn(logger, level).mockImplementation(() => {
        throw new Error('no space left');
      });

    expect(await call(done, orderRequest)).toMatchObject(answer);
  });

  it('leaves the answer as it is where a metric is not a number', async () => {
    const handler = httpHandler(async () => {
      recordMetric('SweeperRuns', 1n as never, {});

      return { status: 201, body: { orderId: 'ord_1' } };
    });

    expect(await call(handler, orderRequest)).toMatchObject(answer);
  });

  it('leaves the answer as it is where an id is a BigInt or a circle', async () => {
    const ids = { big: 1n, circular } as never;

    expect(
      await call(
        httpHandler(async () => ({ ...answer, ids })),
        orderRequest,
      ),
    ).toMatchObject(answer);
  });
});

describe('an answer', () => {
  it('is never stored by anyone unless it says so', async () => {
    const handler = httpHandler(async () => ({ status: 200, body: {} }));

    expect((await call(handler, orderRequest)).headers).toEqual({
      'cache-control': 'no-store',
      'content-type': 'application/json',
    });
    expect((await call(failingHandler(new Error()), orderRequest)).headers).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'application/problem+json',
    });
  });

  it('has no type where it has no body', async () => {
    const handler = httpHandler(async () => ({ status: 304 }));

    expect(await call(handler, orderRequest)).toEqual({
      status: 304,
      headers: { 'cache-control': 'no-store' },
    });
  });

  it.each([
    ['an answer', async () => ({ status: 201, ids: { orderId: 'ord_1' } }), { orderId: 'ord_1' }],
    [
      'a refusal',
      async () => {
        throw new RejectionError({ code: 'out-of-stock', detail: 'There is not enough stock.' });
      },
      { code: 'out-of-stock' },
    ],
  ])('leaves one log line, with neither token nor key in it: %s', async (_what, answer, ids) => {
    const logged = vi.spyOn(logger, 'info');

    await call(httpHandler(answer), { ...orderRequest, key: 'secret-key', body: { secret: 1 } });

    expect(logged).toHaveBeenCalledOnce();
    expect(logged.mock.lastCall?.[1]).toMatchObject({ status: expect.any(Number), ...ids });
    expect(JSON.stringify(logged.mock.calls)).not.toMatch(/secret|alice/);
  });
});
