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

describe('HTTP handler: errors', () => {
  it('hides an unexpected error from the client and logs it in full', async () => {
    const logged = vi.spyOn(logger, 'error');
    const cause = new Error('table secret-table is gone', { cause: new Error('arn:aws:secret') });

    const response = await call(failingHandler(cause), orderRequest);

    expect(response.status).toBe(500);
    expect(response.body).toEqual({
      type: 'urn:aftercommit:problem:internal-error',
      title: expect.any(String),
      status: 500,
      code: 'internal-error',
      detail: expect.any(String),
      instance: '/orders',
      traceId: '0af7651916cd43dd8448eb211c80319c',
    });
    expect(JSON.stringify(response)).not.toContain('secret');
    expect(logged).toHaveBeenCalledExactlyOnceWith(
      'request completed',
      expect.objectContaining({ route: 'POST /orders', status: 500, error: cause }),
    );
  });

  it('records the latency, and a rejection by its code', async () => {
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

  it("returns and logs the caller's trace id", async () => {
    const logged = vi.spyOn(logger, 'error');

    const response = await call(failingHandler(new Error('no')), {
      ...orderRequest,
      headers: { traceparent },
    });

    expect(response.body).toMatchObject({ traceId });
    expect(logged).toHaveBeenCalledWith('request completed', expect.objectContaining({ traceId }));
  });

  it('responds to an error thrown synchronously', async () => {
    const handler = httpHandler((event) => {
      throw new Error(`${parseQuery(z.strictObject({}), event)}`);
    });

    expect(await call(handler, { ...orderRequest, query: { a: '1' } })).toMatchObject({
      status: 400,
      body: { code: 'invalid-request' },
    });
  });

  it('responds 500 to a programming error of Node', async () => {
    const defect = Object.assign(new TypeError('secret'), { code: 'ERR_INVALID_ARG_TYPE' });

    expect(await call(failingHandler(defect), orderRequest)).toMatchObject({ status: 500 });
  });

  it('responds 500 to a thrown value that is not an Error', async () => {
    expect(await call(failingHandler('secret'), orderRequest)).toMatchObject({ status: 500 });
    for (const thrown of [undefined, null, 1n, Symbol('secret'), Object.create(null), circular]) {
      const response = await call(failingHandler(thrown), orderRequest);

      expect(response).toMatchObject({ status: 500, body: { code: 'internal-error' } });
      expect(JSON.stringify(response)).not.toContain('secret');
    }
  });

  it.each([
    [
      'an unavailable service',
      new ServiceUnavailableError('Too many concurrent writes.', { retryAfterSeconds: 7 }),
      '7',
    ],
    [
      'a throttled call',
      Object.assign(new Error('secret'), { name: 'ThrottlingException', $fault: 'client' }),
      '1',
    ],
    ['a fault of AWS', Object.assign(new Error('secret'), { $fault: 'server' }), '1'],
    ['a lost connection', Object.assign(new Error('secret'), { code: 'ECONNRESET' }), '1'],
  ])('responds 503 with Retry-After to %s', async (_what, error, retryAfter) => {
    const logged = vi.spyOn(logger, 'error');

    const response = await call(failingHandler(error), orderRequest);

    expect(response).toMatchObject({
      status: 503,
      headers: { 'retry-after': retryAfter },
      body: { code: 'temporarily-unavailable' },
    });
    expect(JSON.stringify(response)).not.toContain('secret');
    expect(logged).toHaveBeenCalledOnce();
  });

  it('responds 409 with Retry-After while the same key is in progress', async () => {
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

describe('HTTP handler: body that cannot be serialized', () => {
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
  ])('responds with a problem document and logs the error: %s', async (_what, body) => {
    const logged = vi.spyOn(logger, 'error');
    const metrics = captureMetrics();

    const response = await call(
      httpHandler(async () => ({ status: 200, body })),
      orderRequest,
    );

    expect(response).toMatchObject({
      status: 500,
      headers: { 'content-type': 'application/problem+json' },
      body: { code: 'internal-error' },
    });
    expect(JSON.stringify(response)).not.toContain('secret');
    expect(logged).toHaveBeenCalledExactlyOnceWith(
      'request completed',
      expect.objectContaining({ status: 500, error: expect.any(Error) }),
    );
    expect(metrics).toEqual([{ outcome: 'failed', RequestLatency: expect.any(Number) }]);
  });

  it('responds with a problem document to such a rejection', async () => {
    const data = { code: 'out-of-stock', detail: 'no', errors: [bigAmount] } as never;

    expect(await call(failingHandler(new RejectionError(data)), orderRequest)).toMatchObject({
      status: 500,
      body: { code: 'internal-error' },
    });
  });
});

describe('HTTP handler: log line that cannot be written', () => {
  const succeed = httpHandler(async () => ({ status: 201, body: { orderId: 'ord_1' } }));
  const response = { status: 201, body: { orderId: 'ord_1' } };

  it.each(['info', 'error'] as const)('does not change the response: %s', async (level) => {
    vi.spyOn(logger, level).mockImplementation(() => {
      throw new Error('no space left');
    });

    expect(await call(succeed, orderRequest)).toMatchObject(response);
    expect(await call(failingHandler(new Error('no')), orderRequest)).toMatchObject({
      status: 500,
    });
  });

  it('does not change the response if the logger fails', async () => {
    for (const level of ['info', 'error', 'warn'] as const)
      vi.spyOn(logger, level).mockImplementation(() => {
        throw new Error('no space left');
      });

    expect(await call(succeed, orderRequest)).toMatchObject(response);
  });

  it('does not change the response if a metric is not a number', async () => {
    const handler = httpHandler(async () => {
      recordMetric('SweeperRuns', 1n as never, {});

      return { status: 201, body: { orderId: 'ord_1' } };
    });

    expect(await call(handler, orderRequest)).toMatchObject(response);
  });

  it('does not change the response if an id cannot be serialized', async () => {
    const ids = { big: 1n, circular } as never;

    expect(
      await call(
        httpHandler(async () => ({ ...response, ids })),
        orderRequest,
      ),
    ).toMatchObject(response);
  });
});

describe('HTTP handler: response', () => {
  it('forbids caching by default', async () => {
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

  it('has no content type without a body', async () => {
    const handler = httpHandler(async () => ({ status: 304 }));

    expect(await call(handler, orderRequest)).toEqual({
      status: 304,
      headers: { 'cache-control': 'no-store' },
    });
  });

  it.each([
    ['a response', async () => ({ status: 201, ids: { orderId: 'ord_1' } }), { orderId: 'ord_1' }],
    [
      'a rejection',
      async () => {
        throw new RejectionError({ code: 'out-of-stock', detail: 'There is not enough stock.' });
      },
      { code: 'out-of-stock' },
    ],
  ])('logs one line without token and key: %s', async (_what, handle, ids) => {
    const logged = vi.spyOn(logger, 'info');

    await call(httpHandler(handle), { ...orderRequest, key: 'secret-key', body: { secret: 1 } });

    expect(logged).toHaveBeenCalledOnce();
    expect(logged.mock.lastCall?.[1]).toMatchObject({ status: expect.any(Number), ...ids });
    expect(JSON.stringify(logged.mock.calls)).not.toMatch(/secret|alice/);
  });
});
