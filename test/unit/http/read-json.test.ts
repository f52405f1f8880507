import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { requestHashOf } from '../../../shared/domain/ids.ts';
import { fromCursor, toCursor } from '../../../shared/http/cursor.ts';
import { refuseAmbiguousWebhook } from '../../../shared/http/read-json.ts';

describe('the body of a webhook', () => {
  it('is refused if its bytes are not UTF-8', () => {
    expect(() => refuseAmbiguousWebhook(Buffer.from([0x7b, 0x7d, 0xff]))).toThrow('UTF-8');
  });

  it('may have a literal U+FFFD: its sender signed these bytes', () => {
    expect(() => refuseAmbiguousWebhook(Buffer.from('{"note":"\ufffd"}'))).not.toThrow();
  });

  it('may be something other than JSON', () => {
    expect(() => refuseAmbiguousWebhook(Buffer.from('{'))).not.toThrow();
  });
});

describe('a cursor', () => {
  const list = { buyer: 'alice' };
  const schema = z.strictObject({ paymentId: z.string() });

  it('stands for a place', () => {
    expect(fromCursor(list, schema, toCursor(list, { paymentId: 'pay_1' }))).toEqual({
      paymentId: 'pay_1',
    });
  });

  it('is refused with half a surrogate pair, even with its seal', () => {
    expect(() => fromCursor(list, schema, toCursor(list, { paymentId: '\ud83d' }))).toThrow();
  });

  it('is refused with a field twice, even with its seal', () => {
    const seal = requestHashOf({ list, place: { paymentId: 'pay_2' } }).slice(0, 22);
    const json = `[{"paymentId":"pay_1","paymentId":"pay_2"},"${seal}"]`;
    const cursor = Buffer.from(json).toString('base64url');

    expect(() => fromCursor(list, schema, cursor)).toThrow();
  });
});
