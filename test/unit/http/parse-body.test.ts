import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { httpHandler } from '../../../shared/http/http-handler.ts';
import { parseBody } from '../../../shared/http/request.ts';
import { apiGatewayEvent } from '../../support/builders/api-gateway-event.ts';
import { call, invokeHandler, orderRequest } from '../../support/harness/invoke-handler.ts';

const line = z.strictObject({ sku: z.string().min(1), quantity: z.int() });
const schema = z.strictObject({ lines: z.array(line), note: z.string().max(3).optional() });
const echo = httpHandler(async (event) => ({ status: 200, body: parseBody(schema, event) }));

describe('a body', () => {
  const lines = [{ sku: 'tea', quantity: 1 }];

  it('is read as JSON, whatever the type says besides', async () => {
    const headers = { 'Content-Type': 'Application/JSON; charset=utf-8' };

    expect(await call(echo, { ...orderRequest, headers, body: { lines } })).toMatchObject({
      status: 200,
      body: { lines },
    });
  });

  it('is read when API Gateway encoded it', async () => {
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
    'is refused as %j',
    async (type) => {
      const headers = { 'content-type': type };

      expect(await call(echo, { ...orderRequest, headers, body: { lines } })).toMatchObject({
        status: 415,
        body: { code: 'unsupported-media-type' },
      });
    },
  );

  it('is refused beyond 64 KiB, counted in bytes', async () => {
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
    'is refused where it is no JSON: %j',
    async (body) => {
      expect(await call(echo, { ...orderRequest, body })).toMatchObject({
        status: 400,
        body: { code: 'invalid-request', detail: 'The body is not valid JSON.' },
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

    const answer = await call(echo, { ...orderRequest, body });

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
  ])('is refused if a field occurs twice, at any depth: %s', async (body, pointers) => {
    const answer = await call(echo, { ...orderRequest, body });

    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(pointers);
    expect(answer.body.errors[0].detail).toContain('occurs more than once');
  });

  it.each([
    ['{"lines":[],"note":"\\ud83d"}', '/note'],
    ['{"lines":[{"sku":"\\ude00\\ud83d","quantity":1}]}', '/lines/0/sku'],
    ['{"lines":[],"\\ud83d":1}', '/\ufffd'],
  ])('is refused if a text has half a surrogate pair: %s', async (body, pointer) => {
    expect(await call(echo, { ...orderRequest, body })).toMatchObject({
      status: 400,
      body: { code: 'invalid-request', errors: [{ pointer }] },
    });
  });

  it.each(['\ud83d\ude00', '\ufffd', '차'])('may have a whole character: %j', async (note) => {
    // An emoji may be written as it is or escaped; U+FFFD only escaped.
    const body = `{"lines":[],"note":${JSON.stringify(note).replace('\ufffd', '\\ufffd')}}`;

    expect(await call(echo, { ...orderRequest, body })).toMatchObject({
      status: 200,
      body: { note },
    });
  });

  it.each([
    ['EUC-KR', [0xc2, 0xf7]],
    ['a byte that UTF-8 has not', [0xff]],
    ['an encoded surrogate', [0xed, 0xa0, 0xbd]],
    ['an overlong slash', [0xc0, 0xaf]],
  ])('is refused if its bytes are not UTF-8: %s', async (_what, bytes) => {
    const body = Buffer.concat([
      Buffer.from('{"lines":[],"note":"'),
      Buffer.from(bytes),
      Buffer.from('"}'),
    ]);
    const event = apiGatewayEvent({ ...orderRequest, body: '' });
    const refused = { status: 400, body: { code: 'invalid-request' } };

    // API Gateway decodes some bodies by itself, and encodes others.
    const encoded = { ...event, body: body.toString('base64'), isBase64Encoded: true };
    expect(await invokeHandler(echo, encoded)).toMatchObject(refused);
    expect(await invokeHandler(echo, { ...event, body: body.toString('utf8') })).toMatchObject(
      refused,
    );
  });

  it.each([
    'application/json; charset=euc-kr',
    'application/json;charset=UTF-16',
    'application/json; charset="iso-8859-1"',
    'application/json; charset=',
    'application/json; charset=utf-8; charset=utf-16',
  ])('is refused in another charset: %s', async (type) => {
    const headers = { 'content-type': type };

    expect(await call(echo, { ...orderRequest, headers, body: { lines } })).toMatchObject({
      status: 415,
      body: { code: 'unsupported-media-type' },
    });
  });

  it.each(['application/json;charset="UTF-8"', 'application/json ; profile=x; CHARSET=utf8'])(
    'is read in UTF-8, however that is written: %s',
    async (type) => {
      const headers = { 'content-type': type };

      expect(await call(echo, { ...orderRequest, headers, body: { lines } })).toMatchObject({
        status: 200,
      });
    },
  );

  it('is refused if it is compressed', async () => {
    const headers = { 'content-encoding': 'gzip' };

    expect(await call(echo, { ...orderRequest, headers, body: { lines } })).toMatchObject({
      status: 415,
    });
  });

  it('may begin with a byte order mark', async () => {
    const body = `\ufeff${JSON.stringify({ lines })}`;

    expect(await call(echo, { ...orderRequest, body })).toMatchObject({ status: 200 });
  });

  it('is refused with so many faults named that the answer stays small', async () => {
    const body = `{${'"a":1,'.repeat(9_000)}"a":1}`;

    expect((await call(echo, { ...orderRequest, body })).body.errors).toHaveLength(100);
  });
});
