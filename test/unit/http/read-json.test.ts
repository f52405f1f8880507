import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { requestHashOf } from '../../../shared/domain/ids.ts';
import { decodeCursor, encodeCursor } from '../../../shared/http/pagination.ts';
import { assertUnambiguousWebhook } from '../../../shared/http/read-json.ts';

describe('check a webhook body', () => {
  it('rejects invalid UTF-8', () => {
    expect(() => assertUnambiguousWebhook(Buffer.from([0x7b, 0x7d, 0xff]))).toThrow('UTF-8');
  });

  it('accepts a literal U+FFFD: the sender signed these bytes', () => {
    expect(() => assertUnambiguousWebhook(Buffer.from('{"note":"\ufffd"}'))).not.toThrow();
  });

  it('accepts a body that is not JSON', () => {
    expect(() => assertUnambiguousWebhook(Buffer.from('{'))).not.toThrow();
  });
});

describe('decode a cursor', () => {
  const list = { buyer: 'alice' };
  const schema = z.strictObject({ paymentId: z.string() });

  it('returns the encoded position', () => {
    expect(decodeCursor(list, schema, encodeCursor(list, { paymentId: 'pay_1' }))).toEqual({
      paymentId: 'pay_1',
    });
  });

  it('rejects an unpaired surrogate, even with its checksum', () => {
    expect(() => decodeCursor(list, schema, encodeCursor(list, { paymentId: '\ud83d' }))).toThrow();
  });

  it('rejects a duplicate field, even with its checksum', () => {
    const checksum = requestHashOf({ list, position: { paymentId: 'pay_2' } }).slice(0, 22);
    const json = `[{"paymentId":"pay_1","paymentId":"pay_2"},"${checksum}"]`;
    const cursor = Buffer.from(json).toString('base64url');

    expect(() => decodeCursor(list, schema, cursor)).toThrow();
  });
});
