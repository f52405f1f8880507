import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { httpHandler } from '../../../shared/http/http-handler.ts';
import { parseBody } from '../../../shared/http/request.ts';
import { apiGatewayEvent } from '../../support/builders/api-gateway-event.ts';
import { call, invokeHandler, orderRequest } from '../../support/harness/invoke-handler.ts';

const line = z.strictObject({ sku: z.string().min(1), quantity: z.int() });
const schema = z.strictObject({ lines: z.array(line), note: z.string().max(3).optional() });
const echo = httpHandler(async (event) => ({ status: 200, body: parseBody(schema, event) }));

describe('parse body', () => {
  const lines = [{ sku: 'tea', quantity: 1 }];

  it('parses JSON with parameters in the content type', async () => {
    const headers = { 'Content-Type': 'Application/JSON; charset=utf-8' };

    expect(await call(echo, { ...orderRequest, headers, body: { lines } })).toMatchObject({
      status: 200,
      body: { lines },
    });
  });

  it('parses a Base64-encoded body', async () => {
    const event = apiGatewayEvent({
      ...orderRequest,
      body: { lines: [{ sku: '차', quantity: 1 }] },
    });
    const body = Buffer.from(event.body as string).toString('base64');

    expect(await invokeHandler(echo, { ...event, body, isBase64Encoded: true })).toMatchObject({
      status: 200,
      body: { lines: [{ sku: '차' }] },
    });
  });

  it.each(['text/plain', 'application/jsonp', 'application/x-www-form-urlencoded', ''])(
    'rejects the content type %j',
    async (type) => {
      const headers = { 'content-type': type };

      expect(await call(echo, { ...orderRequest, headers, body: { lines } })).toMatchObject({
        status: 415,
        body: { code: 'unsupported-media-type' },
      });
    },
  );

  it('rejects more than 64 KiB, counted in bytes', async () => {
    const text = JSON.stringify('차'.repeat(21_844));
    const bodyOfBytes = (bytes: number) => text + ' '.repeat(bytes - Buffer.byteLength(text));

    expect(await call(echo, { ...orderRequest, body: bodyOfBytes(65_537) })).toMatchObject({
      status: 413,
      body: { code: 'payload-too-large' },
    });
    expect(await call(echo, { ...orderRequest, body: bodyOfBytes(65_536) })).toMatchObject({
      status: 400,
    });
  });

  it.each(['', '{', 'lines', '{"lines":[]}x'])(
    'rejects a body that is not valid JSON: %j',
    async (body) => {
      expect(await call(echo, { ...orderRequest, body })).toMatchObject({
        status: 400,
        body: { code: 'invalid-request', detail: 'The body is not valid JSON.' },
      });
    },
  );

  it('rejects an invalid body with the location of each error', async () => {
    const body = {
      lines: [{ sku: '', quantity: 1.5, 'a/b~c': 1 }],
      note: 'long',
      price: 1,
      total: 2,
    };

    const response = await call(echo, { ...orderRequest, body });

    expect(response).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    expect(response.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      '/lines/0/a~1b~0c',
      '/lines/0/quantity',
      '/lines/0/sku',
      '/note',
      '/price',
      '/total',
    ]);
  });

  it.each([null, [], 'tea', 7])('rejects a body that is not an object: %j', async (body) => {
    expect(await call(echo, { ...orderRequest, body: JSON.stringify(body) })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '' }] },
    });
  });

  it.each([
    ['{"lines":[],"lines":[]}', ['/lines']],
    ['{"lines":[],"note":"a","\\u006eote":"b"}', ['/note']],
    [
      '{"lines":[{"sku":"tea","quantity":1,"quantity":9}],"note":"a","note":"a"}',
      ['/lines/0/quantity', '/note'],
    ],
  ])('rejects a duplicate field at any depth: %s', async (body, pointers) => {
    const response = await call(echo, { ...orderRequest, body });

    expect(response).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    expect(response.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(
      pointers,
    );
    expect(response.body.errors[0].detail).toContain('occurs more than once');
  });

  it.each([
    ['{"lines":[],"note":"\\ud83d"}', '/note'],
    ['{"lines":[{"sku":"\\ude00\\ud83d","quantity":1}]}', '/lines/0/sku'],
    ['{"lines":[],"\\ud83d":1}', '/\ufffd'],
  ])('rejects an unpaired surrogate: %s', async (body, pointer) => {
    expect(await call(echo, { ...orderRequest, body })).toMatchObject({
      status: 400,
      body: { code: 'invalid-request', errors: [{ pointer }] },
    });
  });

  it.each(['\ud83d\ude00', '\ufffd', '차'])(
    'accepts a character outside ASCII: %j',
    async (note) => {
      // U+FFFD must be escaped; other characters may be literal.
      const body = `{"lines":[],"note":${JSON.stringify(note).replace('\ufffd', '\\ufffd')}}`;

      expect(await call(echo, { ...orderRequest, body })).toMatchObject({
        status: 200,
        body: { note },
      });
    },
  );

  it.each([
    ['EUC-KR', [0xc2, 0xf7]],
    ['a byte that UTF-8 has not', [0xff]],
    ['an encoded surrogate', [0xed, 0xa0, 0xbd]],
    ['an overlong slash', [0xc0, 0xaf]],
  ])('rejects invalid UTF-8: %s', async (_what, bytes) => {
    const body = Buffer.concat([
      Buffer.from('{"lines":[],"note":"'),
      Buffer.from(bytes),
      Buffer.from('"}'),
    ]);
    const event = apiGatewayEvent({ ...orderRequest, body: '' });
    const rejected = { status: 400, body: { code: 'invalid-request' } };

    // API Gateway decodes some bodies itself and Base64-encodes others.
    const encoded = { ...event, body: body.toString('base64'), isBase64Encoded: true };
    expect(await invokeHandler(echo, encoded)).toMatchObject(rejected);
    expect(await invokeHandler(echo, { ...event, body: body.toString('utf8') })).toMatchObject(
      rejected,
    );
  });

  it.each([
    'application/json; charset=euc-kr',
    'application/json;charset=UTF-16',
    'application/json; charset="iso-8859-1"',
    'application/json; charset=',
    'application/json; charset=utf-8; charset=utf-16',
  ])('rejects another charset: %s', async (type) => {
    const headers = { 'content-type': type };

    expect(await call(echo, { ...orderRequest, headers, body: { lines } })).toMatchObject({
      status: 415,
      body: { code: 'unsupported-media-type' },
    });
  });

  it.each(['application/json;charset="UTF-8"', 'application/json ; profile=x; CHARSET=utf8'])(
    'accepts any spelling of UTF-8: %s',
    async (type) => {
      const headers = { 'content-type': type };

      expect(await call(echo, { ...orderRequest, headers, body: { lines } })).toMatchObject({
        status: 200,
      });
    },
  );

  it('rejects a compressed body', async () => {
    const headers = { 'content-encoding': 'gzip' };

    expect(await call(echo, { ...orderRequest, headers, body: { lines } })).toMatchObject({
      status: 415,
    });
  });

  it('accepts a byte order mark', async () => {
    const body = `\ufeff${JSON.stringify({ lines })}`;

    expect(await call(echo, { ...orderRequest, body })).toMatchObject({ status: 200 });
  });

  it('limits the errors in the response', async () => {
    const body = `{${'"a":1,'.repeat(9_000)}"a":1}`;

    expect((await call(echo, { ...orderRequest, body })).body.errors).toHaveLength(100);
  });
});
