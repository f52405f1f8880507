import { afterEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { Outage, Refusal } from '../../../shared/domain/errors.ts';
import {
  type Answer,
  bodyOf,
  buyerOf,
  httpHandler,
  keyOf,
  operatorOf,
  pathOf,
  queryOf,
} from '../../../shared/http/boundary.ts';
import { InFlight } from '../../../shared/runtime/idempotency.ts';
import { logger } from '../../../shared/runtime/observability.ts';
import { gatewayEvent } from '../../support/gateway-event.ts';
import { listenToMetrics } from '../../support/measured.ts';
import { traceId, traceparent } from '../../support/trace.ts';
import { call, deliver } from './call.ts';

const anOrder = { method: 'POST', path: '/orders', buyer: 'alice', key: 'k-1' } as const;
const line = z.strictObject({ sku: z.string().min(1), quantity: z.int() });
const schema = z.strictObject({ lines: z.array(line), note: z.string().max(3).optional() });
const echo = httpHandler(async (event) => ({ status: 200, body: bodyOf(schema, event) }));
const echoKey = httpHandler(async (event) => ({ status: 200, body: { key: keyOf(event) } }));
const failing = (error: unknown) =>
  httpHandler(async (): Promise<Answer> => {
    throw error;
  });

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a body', () => {
  const lines = [{ sku: 'tea', quantity: 1 }];

  it('is read as JSON, whatever the type says besides', async () => {
    const headers = { 'Content-Type': 'Application/JSON; charset=utf-8' };

    expect(await call(echo, { ...anOrder, headers, body: { lines } })).toMatchObject({
      status: 200,
      body: { lines },
    });
  });

  it('is read when API Gateway encoded it', async () => {
    const event = gatewayEvent({ ...anOrder, body: { lines: [{ sku: '차', quantity: 1 }] } });
    const body = Buffer.from(event.body as string).toString('base64');

    expect(await deliver(echo, { ...event, body, isBase64Encoded: true })).toMatchObject({
      status: 200,
      body: { lines: [{ sku: '차' }] },
    });
  });

  it.each(['text/plain', 'application/jsonp', 'application/x-www-form-urlencoded', ''])(
    'is refused as %j',
    async (type) => {
      const headers = { 'content-type': type };

      expect(await call(echo, { ...anOrder, headers, body: { lines } })).toMatchObject({
        status: 415,
        body: { code: 'unsupported-media-type' },
      });
    },
  );

  it('is refused beyond 64 KiB, counted in bytes', async () => {
    const text = JSON.stringify('차'.repeat(21_844));
    const bodyOfBytes = (bytes: number) => text + ' '.repeat(bytes - Buffer.byteLength(text));

    expect(await call(echo, { ...anOrder, body: bodyOfBytes(65_537) })).toMatchObject({
      status: 413,
      body: { code: 'payload-too-large' },
    });
    expect(await call(echo, { ...anOrder, body: bodyOfBytes(65_536) })).toMatchObject({
      status: 400,
    });
  });

  it.each(['', '{', 'lines', '{"lines":[]}x'])(
    'is refused where it is no JSON: %j',
    async (body) => {
      expect(await call(echo, { ...anOrder, body })).toMatchObject({
        status: 400,
        body: { code: 'invalid-request', detail: 'The body is not JSON.' },
      });
    },
  );

  it('is refused with every fault named where it stands', async () => {
    const body = {
      lines: [{ sku: '', quantity: 1.5, 'a/b~c': 1 }],
      note: 'long',
      price: 1,
      total: 2,
    };

    const answer = await call(echo, { ...anOrder, body });

    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      '/lines/0/a~1b~0c',
      '/lines/0/quantity',
      '/lines/0/sku',
      '/note',
      '/price',
      '/total',
    ]);
  });

  it.each([null, [], 'tea', 7])('is refused where it is no object: %j', async (body) => {
    expect(await call(echo, { ...anOrder, body: JSON.stringify(body) })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '' }] },
    });
  });
});

describe('an Idempotency-Key', () => {
  it.each(['k', '~', '!', 'a'.repeat(255), '"0f3a,1"'])('may be %j', async (key) => {
    expect(await call(echoKey, { ...anOrder, key })).toMatchObject({ status: 200, body: { key } });
  });

  it('is asked for', async () => {
    const { key: _, ...keyless } = anOrder;

    for (const request of [keyless, { ...anOrder, key: '' }]) {
      expect(await call(echoKey, request)).toMatchObject({
        status: 400,
        body: { code: 'idempotency-key-missing' },
      });
    }
  });

  it.each([
    'a'.repeat(256),
    'a'.repeat(300),
    'a b',
    ' ',
    'a\tb',
    'a\n',
    'a\u0000',
    'a\u007f',
    'é',
    '열쇠',
  ])('is refused as %j', async (key) => {
    expect(await call(echoKey, { ...anOrder, key })).toMatchObject({
      status: 400,
      body: { code: 'idempotency-key-invalid' },
    });
  });
});

describe('path and query', () => {
  const read = httpHandler(async (event) => ({
    status: 200,
    body: { paymentId: pathOf(event, 'paymentId') },
  }));
  const list = httpHandler(async (event) => ({
    status: 200,
    body: queryOf(z.strictObject({ limit: z.string().max(2).optional() }), event),
  }));

  it('gives the parameter of the path', async () => {
    const request = { method: 'GET', path: '/payments/pay_1', buyer: 'alice' } as const;

    expect(await call(read, request)).toMatchObject({ status: 200, body: { paymentId: 'pay_1' } });
  });

  it('refuses a path parameter that no table could hold as a key', async () => {
    const path = `/payments/${'a'.repeat(3_000)}`;

    expect(await call(read, { method: 'GET', path, buyer: 'alice' })).toMatchObject({
      status: 400,
      body: { errors: [{ parameter: 'paymentId' }] },
    });
  });

  it('names each parameter of the query that is wrong or unknown', async () => {
    const request = { method: 'GET', path: '/payments', buyer: 'alice' } as const;

    expect(await call(list, request)).toMatchObject({ status: 200, body: {} });
    expect(await call(list, { ...request, query: { limit: 100, page: 2 } })).toMatchObject({
      status: 400,
      body: { errors: [{ parameter: 'limit' }, { parameter: 'page' }] },
    });
  });
});

describe('the buyer', () => {
  const whoAmI = httpHandler(async (event) => ({ status: 200, body: { buyer: buyerOf(event) } }));

  it('is the sub of the token', async () => {
    expect(await call(whoAmI, anOrder)).toMatchObject({ body: { buyer: 'alice' } });
  });

  it('is never nobody', async () => {
    expect(await call(whoAmI, { ...anOrder, buyer: '' })).toMatchObject({
      status: 401,
      body: { code: 'unauthorized' },
    });
  });
});

describe('the operator', () => {
  const whoAmI = httpHandler(async (event) => ({
    status: 200,
    body: { operator: operatorOf(event) },
  }));

  it.each(['aftercommit/operator', 'openid aftercommit/operator email'])(
    'is the sub of a token with the scope among %j',
    async (scope) => {
      expect(await call(whoAmI, { ...anOrder, scope })).toMatchObject({
        body: { operator: 'alice' },
      });
    },
  );

  it('is known by a list of scopes as well', async () => {
    const event = gatewayEvent(anOrder);
    event.requestContext.authorizer.jwt.claims.scp = '[openid aftercommit/operator]';

    expect(await deliver(whoAmI, event)).toMatchObject({ body: { operator: 'alice' } });
  });

  it.each([undefined, '', 'aftercommit', 'aftercommit/operators', 'x-aftercommit/operator'])(
    'is nobody with %j',
    async (scope) => {
      const request = { ...anOrder, ...(scope !== undefined && { scope }) };

      expect(await call(whoAmI, request)).toMatchObject({
        status: 403,
        body: { code: 'forbidden' },
      });
    },
  );
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
    expect(await call(failing(undefined), anOrder)).toMatchObject({ status: 500 });
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
