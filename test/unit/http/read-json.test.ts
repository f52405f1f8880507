import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { requestHashOf } from '../../../shared/domain/ids.ts';
import { decodeCursor, encodeCursor } from '../../../shared/http/pagination.ts';
import { assertUnambiguousWebhook } from '../../../shared/http/read-json.ts';

describe('the body of a webhook', () => {
  it('is refused if its bytes are not UTF-8', () => {
    expect(() => assertUnambiguousWebhook(Buffer.from([0x7b, 0x7d, 0xff]))).toThrow('UTF-8');
  });

  it('may have a literal U+FFFD: its sender signed these bytes', () => {
    expect(() => assertUnambiguousWebhook(Buffer.from('{"note":"\ufffd"}'))).not.toThrow();
  });

  it('may be something other than JSON', () => {
    expect(() => assertUnambiguousWebhook(Buffer.from('{'))).not.toThrow();
  });
});

describe('a cursor', () => {
  const list = { buyer: 'alice' };
  const schema = z.strictObject({ paymentId: z.string() });

  it('stands for a place', () => {
    expect(decodeCursor(list, schema, encodeCursor(list, { paymentId: 'pay_1' }))).toEqual({
      paymentId: 'pay_1',
    });
  });

  it('is refused with half a surrogate pair, even with its seal', () => {
    expect(() => decodeCursor(list, schema, encodeCursor(list, { paymentId: '\ud83d' }))).toThrow();
  });

  it('is refused with a field twice, even with its seal', () => {
    const seal = requestHashOf({ list, place: { paymentId: 'pay_2' } }).slice(0, 22);
    const json = `[{"paymentId":"pay_1","paymentId":"pay_2"},"${seal}"]`;
    const cursor = Buffer.from(json).toString('base64url');

    expect(() => decodeCursor(list, schema, cursor)).toThrow();
  });
});
