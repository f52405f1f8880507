import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { bodyOf, httpHandler } from '../../../shared/http/boundary.ts';
import { gatewayEvent } from '../../support/gateway-event.ts';
import { anOrder, call, deliver } from './call.ts';

const line = z.strictObject({ sku: z.string().min(1), quantity: z.int() });
const schema = z.strictObject({ lines: z.array(line), note: z.string().max(3).optional() });
const echo = httpHandler(async (event) => ({ status: 200, body: bodyOf(schema, event) }));

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
