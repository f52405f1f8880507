import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderIdOf, paymentIdOf } from '../../../shared/data/keys.ts';
import { hasCardNumber } from '../../../shared/domain/card-number.ts';

/** Numbers that schemes publish for tests. */
const cards = {
  visa: '4242424242424242',
  'old visa': '4222222222222',
  mastercard: '5555555555554444',
  'mastercard of the 2 series': '2223003122003222',
  amex: '378282246310005',
  diners: '30569309025904',
  discover: '6011111111111117',
  jcb: '3530111333300000',
  unionpay: '6200000000000005',
  'unionpay of 19 digits': '6205500000000000004',
  'maestro of 12 digits': '501800000009',
};

/** The last digit that makes the others pass. */
const completed = (digits: string): string =>
  [...'0123456789'].map((last) => digits + last).find(hasCardNumber) ?? '';

describe('a card number', () => {
  it.each(Object.entries(cards))('is found: %s', (_scheme, number) => {
    expect(hasCardNumber(number)).toBe(true);
    expect(hasCardNumber(`카드번호${number}로 결제해 주세요`)).toBe(true);
    expect(hasCardNumber(number.replace(/.$/, (last) => String((Number(last) + 1) % 10)))).toBe(
      false,
    );
  });

  it.each([
    '4242 4242 4242 4242',
    '4242-4242-4242-4242',
    '4242.4242.4242.4242',
    '4242 - 4242 - 4242 - 4242',
    '4242\u00a04242\u20094242\u30004242',
    '4242\u20134242\u22124242\uff0d4242',
    '4242\t4242\n4242\r\n4242',
    '4242\u200b4242\u00ad4242\ufeff4242',
    '4242/4242/4242/4242',
    '4242_4242_4242_4242',
    '4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2',
    '３７８２ ８２２４６３ １０００５',
    '٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢',
    '४२४२ ४२४२ ४२४२ ४२४२',
    '\ud835\udfdc\ud835\udfda'.repeat(8),
    'pm_4242424242424242',
    'my card:4242424242424242, exp 12/34',
    'order 12345 4242424242424242',
    'on 2026-11-30 with 4242 4242 4242 4242, please',
    '4242 4242 4242 4242 123',
  ])('is found however it is written: %j', (text) => {
    expect(hasCardNumber(text)).toBe(true);
  });

  it('is any 12 to 19 digits that pass', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9]\d{10,17}$/), (digits) => {
        const number = completed(digits);

        // Unless they are a time.
        if (number.length !== 14 || !/^(?:19|20)/.test(number))
          expect(hasCardNumber(number)).toBe(true);
      }),
    );
  });

  it.each([
    '',
    'It was dented.',
    '42424242422',
    '42424242424242424242',
    '4242424242424241',
    '2026-11-30 2026-12-01',
    '2026.11.30 - 2026.12.01',
    '20261130000528 to 20261130000529 and 20261130000530 or 20261130000537',
    'tgen_20240118161634AXjS8',
    '01234567-8901-2345-6789-012345678901',
    'the 2 of 10',
    'call 010-1234-5678',
  ])('is not found: %j', (text) => {
    expect(hasCardNumber(text)).toBe(false);
  });

  it('is never found in a UUID or in dates', () => {
    const uuid = fc.stringMatching(/^\d{8}-\d{4}-\d{4}-\d{4}-\d{12}$/);
    const days = fc.date({ noInvalidDate: true, min: new Date('1900'), max: new Date('2099') });

    fc.assert(
      fc.property(uuid, days, days, (id, from, to) => {
        const [first, last] = [from, to].map((day) => day.toISOString().slice(0, 10));

        expect(hasCardNumber(`${id}, ${first} - ${last}`)).toBe(false);
      }),
    );
  });

  it('is looked for in time that grows with the text alone', () => {
    expect(hasCardNumber('1 '.repeat(30_000))).toBe(false);
  });

  it('is never found in an id of ours', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (buyer, key) => {
        expect(hasCardNumber(`${paymentIdOf(buyer, key)} ${orderIdOf(buyer, key)}`)).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });
});
