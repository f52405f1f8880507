import { afterEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { Outage, Refusal } from '../../../shared/domain/errors.ts';
import { httpHandler, queryOf } from '../../../shared/http/http-handler.ts';
import { InFlight } from '../../../shared/lambda/idempotency.ts';
import { logger } from '../../../shared/observability/logger.ts';
import { measure } from '../../../shared/observability/metrics.ts';
import { traceId, traceparent } from '../../support/builders/trace.ts';
import { listenToMetrics } from '../../support/capture-metrics.ts';
import { anOrder, call, failing } from '../../support/harness/invoke-handler.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('what is thrown', () => {
  it('reveals nothing of its inside, and is logged whole', async () => {
    const logged = vi.spyOn(logger, 'error');
    const cause = new Error('table secret-table is gone', { cause: new Error('arn:aws:secret') });

    const answer = await call(failing(cause), anOrder);

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
      'answered',
      expect.objectContaining({ route: 'POST /orders', status: 500, error: cause }),
    );
  });

  it('is measured, a refusal by its code', async () => {
    const told = listenToMetrics();

    await call(failing(new Refusal({ code: 'out-of-stock', detail: 'no' })), anOrder);
    await call(failing(new Error('no')), anOrder);

    expect(told).toEqual([
      { code: 'out-of-stock', Refusals: 1 },
      { outcome: 'refused', AnswerLatency: expect.any(Number) },
      { outcome: 'failed', AnswerLatency: expect.any(Number) },
    ]);
  });

  it('names the trace of its caller, in the answer and in the log', async () => {
    const logged = vi.spyOn(logger, 'error');

    const answer = await call(failing(new Error('no')), { ...anOrder, headers: { traceparent } });

    expect(answer.body).toMatchObject({ traceId });
    expect(logged).toHaveBeenCalledWith('answered', expect.objectContaining({ traceId }));
  });

  it('is answered, too, where a handler throws before it has a promise', async () => {
    const handler = httpHandler((event) => {
      throw new Error(`${queryOf(z.strictObject({}), event)}`);
    });

    expect(await call(handler, { ...anOrder, query: { a: '1' } })).toMatchObject({
      status: 400,
      body: { code: 'invalid-request' },
    });
  });

  it('is a 500 where Node finds a defect of ours', async () => {
    const defect = Object.assign(new TypeError('secret'), { code: 'ERR_INVALID_ARG_TYPE' });

    expect(await call(failing(defect), anOrder)).toMatchObject({ status: 500 });
  });

  it('is a 500 too where it is no error at all', async () => {
    expect(await call(failing('secret'), anOrder)).toMatchObject({ status: 500 });
    for (const thrown of [undefined, null, 1n, Symbol('secret'), Object.create(null), circular]) {
      const answer = await call(failing(thrown), anOrder);

      expect(answer).toMatchObject({ status: 500, body: { code: 'internal-error' } });
      expect(JSON.stringify(answer)).not.toContain('secret');
    }
  });

  it.each([
    ['an outage', new Outage('Too many writes at once.', { retryAfterSeconds: 7 }), '7'],
    [
      'a throttle',
      Object.assign(new Error('secret'), { name: 'ThrottlingException', $fault: 'client' }),
      '1',
    ],
    ['a fault of AWS', Object.assign(new Error('secret'), { $fault: 'server' }), '1'],
    ['a lost connection', Object.assign(new Error('secret'), { code: 'ECONNRESET' }), '1'],
  ])('is a 503 with Retry-After where it is %s', async (_what, error, retryAfter) => {
    const logged = vi.spyOn(logger, 'error');

    const answer = await call(failing(error), anOrder);

    expect(answer).toMatchObject({
      status: 503,
      headers: { 'retry-after': retryAfter },
      body: { code: 'temporarily-unavailable' },
    });
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(logged).toHaveBeenCalledOnce();
  });

  it('is a 409 with Retry-After where the same key is under way', async () => {
    expect(await call(failing(new InFlight()), anOrder)).toMatchObject({
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
    const told = listenToMetrics();

    const answer = await call(
      httpHandler(async () => ({ status: 200, body })),
      anOrder,
    );

    expect(answer).toMatchObject({
      status: 500,
      headers: { 'content-type': 'application/problem+json' },
      body: { code: 'internal-error' },
    });
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(logged).toHaveBeenCalledExactlyOnceWith(
      'answered',
      expect.objectContaining({ status: 500, error: expect.any(Error) }),
    );
    expect(told).toEqual([{ outcome: 'failed', AnswerLatency: expect.any(Number) }]);
  });

  it('is a problem document also if it is a refusal', async () => {
    const data = { code: 'out-of-stock', detail: 'no', errors: [bigAmount] } as never;

    expect(await call(failing(new Refusal(data)), anOrder)).toMatchObject({
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

    expect(await call(done, anOrder)).toMatchObject(answer);
    expect(await call(failing(new Error('no')), anOrder)).toMatchObject({ status: 500 });
  });

  it('leaves the answer as it is where nothing can be written at all', async () => {
    for (const level of ['info', 'error', 'warn'] as const)
      vi.spyOn(logger, level).mockImplementation(() => {
        throw new Error('no space left');
      });

    expect(await call(done, anOrder)).toMatchObject(answer);
  });

  it('leaves the answer as it is where a metric is not a number', async () => {
    const handler = httpHandler(async () => {
      measure('Sweeps', 1n as never, {});

      return { status: 201, body: { orderId: 'ord_1' } };
    });

    expect(await call(handler, anOrder)).toMatchObject(answer);
  });

  it('leaves the answer as it is where an id is a BigInt or a circle', async () => {
    const ids = { big: 1n, circular } as never;

    expect(
      await call(
        httpHandler(async () => ({ ...answer, ids })),
        anOrder,
      ),
    ).toMatchObject(answer);
  });
});

describe('an answer', () => {
  it('is never stored by anyone unless it says so', async () => {
    const handler = httpHandler(async () => ({ status: 200, body: {} }));

    expect((await call(handler, anOrder)).headers).toEqual({
      'cache-control': 'no-store',
      'content-type': 'application/json',
    });
    expect((await call(failing(new Error()), anOrder)).headers).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'application/problem+json',
    });
  });

  it('has no type where it has no body', async () => {
    const handler = httpHandler(async () => ({ status: 304 }));

    expect(await call(handler, anOrder)).toEqual({
      status: 304,
      headers: { 'cache-control': 'no-store' },
    });
  });

  it.each([
    ['an answer', async () => ({ status: 201, ids: { orderId: 'ord_1' } }), { orderId: 'ord_1' }],
    [
      'a refusal',
      async () => {
        throw new Refusal({ code: 'out-of-stock', detail: 'There is not enough stock.' });
      },
      { code: 'out-of-stock' },
    ],
  ])('leaves one log line, with neither token nor key in it: %s', async (_what, answer, ids) => {
    const logged = vi.spyOn(logger, 'info');

    await call(httpHandler(answer), { ...anOrder, key: 'secret-key', body: { secret: 1 } });

    expect(logged).toHaveBeenCalledOnce();
    expect(logged.mock.lastCall?.[1]).toMatchObject({ status: expect.any(Number), ...ids });
    expect(JSON.stringify(logged.mock.calls)).not.toMatch(/secret|alice/);
  });
});
