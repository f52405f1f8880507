import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasCardNumber } from '../../../shared/domain/card-number.ts';
import { deriveOrderId, derivePaymentId } from '../../../shared/domain/ids.ts';

/** Test numbers that the card schemes publish. */
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

/** Appends the digit with which the number passes Luhn's check. */
const completed = (digits: string): string =>
  [...'0123456789'].map((last) => digits + last).find(hasCardNumber) ?? '';

describe('card number detection', () => {
  it.each(Object.entries(cards))('finds a number of %s', (_scheme, number) => {
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
    '4242 4242 4242 4242 1228',
    '4242,4242,4242,4242',
    '4242:4242:4242:4242',
    '4242, 4242, 4242, 4242',
    '4242|4242|4242|4242',
    '4242 (4242) 4242 [4242]',
    '4242      4242      4242      4242',
    '4242\u200b\u200b\u200b\u200b\u200b4242 \u2060\u2060\u2060 4242\u034f4242',
    '4\u0332'.concat('2\u03324\u0332'.repeat(7), '2\u0332'),
    '4\ufe0f\u20e32\ufe0f\u20e3'.repeat(8),
    '4242\u31644242\u31644242\u31644242',
    '4242\u00004242\u00004242\u00004242',
    '42424242 42424242',
    '3782 822463 10005',
    '3056 930902 5904',
    '6205 5000 0000 0000 004',
    '620550 0000000000004',
    '5018 0000 0009',
    '30/11/2026 4242 4242 4242 4242',
    '12/2028 4242 4242 4242 4242',
    '4242 4242 4242 4242, 5555 5555 5555 4444',
    'tgen_4242424242424242',
  ])('finds a number in any notation: %j', (text) => {
    expect(hasCardNumber(text)).toBe(true);
  });

  it('finds any 12 to 19 digits that pass Luhn’s check', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9]\d{10,17}$/), (digits) => {
        const number = completed(digits);

        // Except timestamps: no card number begins like this.
        if (!/^(?:19|20)/.test(digits)) expect(hasCardNumber(number)).toBe(true);
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
    'paymentId = pay_s5fxhmkjdnpkax505801854256',
    'tgen_20240118161634AXjS8',
    'tgen_2024011816163400007',
    '23.11.2026 - 30.11.2026',
    '11/23/2026 - 11/30/2026',
    '20261123 - 20261130',
    '30112026 30122026',
    '20261123153045123 20261123153045124 20261123153045125 20261123153045126 20261123153045127',
    'tickets 4242 4242 4242 4242 4242 4242 4242 4242 4242 4242',
    '1242 4242 4242 4244',
    '42 42 42 42 42 42 42 42',
    '4242 a 4242 b 4242 c 4242',
    'tgen_12345678-9012-3456-7890-123456789012_',
    'TGEN_01234567-8901-2345-6789-0123456789AB',
    '01234567-8901-2345-6789-012345678901',
    'the 2 of 10',
    'call 010-1234-5678',
  ])('finds nothing in %j', (text) => {
    expect(hasCardNumber(text)).toBe(false);
  });

  it('never finds a number in a UUID or in dates', () => {
    const uuid = fc.stringMatching(/^\d{8}-\d{4}-\d{4}-\d{4}-\d{12}$/);
    const days = fc.date({ noInvalidDate: true, min: new Date('1900'), max: new Date('2099') });

    fc.assert(
      fc.property(uuid, days, days, (id, from, to) => {
        const [first, last] = [from, to].map((day) => day.toISOString().slice(0, 10));

        expect(hasCardNumber(`${id}, ${first} - ${last}`)).toBe(false);
      }),
    );
  });

  it('never finds a number in ticket numbers, dates or times', () => {
    const tickets = fc.array(fc.stringMatching(/^\d{4}$/), { minLength: 7, maxLength: 30 });
    const moment = fc.date({ noInvalidDate: true, min: new Date('1900'), max: new Date('2099') });

    fc.assert(
      fc.property(
        // The last group could be an expiry date.
        tickets.map((numbers) => [...numbers, '0000'].join(', ')),
        moment,
        moment,
        (row, ...moments) => {
          const [[from = '', to = ''], days] = [
            moments.map((one) => one.toISOString().replaceAll(/\D/g, '')),
            moments.map((one) => one.toISOString().slice(0, 10).split('-')),
          ];
          const texts = [
            row,
            `${from} ${to}`,
            `${from.slice(0, 8)} - ${to.slice(0, 8)}`,
            ...['.', '/', '-', ''].flatMap((by) => [
              days.map(([year, month, day]) => [day, month, year].join(by)).join(' - '),
              days.map(([year, month, day]) => [month, day, year].join(by)).join(' - '),
            ]),
          ];

          expect(texts.filter(hasCardNumber)).toEqual([]);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it.each<[string, fc.Arbitrary<string>]>([
    [
      'Toss Payments',
      fc
        .tuple(
          fc.constantFrom('tgen_', 'tviva', 'tlink', ''),
          fc.date({ noInvalidDate: true, min: new Date('2015'), max: new Date('2099') }),
          fc.stringMatching(/^(?:[A-Za-z\d]{5}|\d{5})$/),
        )
        .map(([by, at, end]) => by + at.toISOString().replaceAll(/\D/g, '').slice(0, 14) + end),
    ],
    ['Toss Payments, as a UUID', fc.uuid().map((id) => `tgen_${id}`)],
    [
      'Stripe',
      // Its characters are random: twelve digits in a row are in less than one token of a hundred million. The
      // generator prefers digits.
      fc
        .stringMatching(/^(?:pm|card|src|ba|tok)_1[A-Za-z\d]{23}$/)
        .filter((token) => !/\d{12}/.test(token)),
    ],
    ['the simulator', fc.stringMatching(/^sim_[a-z]{3,20}(?:_\d{1,11})?$/)],
    ['the simulator, as a UUID', fc.uuid().map((id) => `sim_${id.replaceAll('-', '')}`)],
  ])('never finds a number in a token of %s', (_gateway, tokens) => {
    fc.assert(
      fc.property(tokens, (token) => {
        expect(hasCardNumber(token)).toBe(false);
      }),
      { numRuns: 5_000 },
    );
  });

  it('takes time linear in the length of the text', () => {
    expect(hasCardNumber('1 '.repeat(30_000))).toBe(false);
  });

  it('never finds a number in an id of this service', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (buyer, key) => {
        expect(hasCardNumber(`${derivePaymentId(buyer, key)} ${deriveOrderId(buyer, key)}`)).toBe(
          false,
        );
      }),
      { numRuns: 1_000 },
    );
  });
});
