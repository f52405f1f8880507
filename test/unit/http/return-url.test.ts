import { describe, expect, it } from 'vitest';
import { RejectionError } from '../../../shared/domain/errors.ts';
import { allowedReturnUrl, isWebUrl, returnOriginsFrom } from '../../../shared/http/return-url.ts';

const origins = ['https://shop.example', 'https://pay.example:8443', 'http://127.0.0.1:*'];

describe('the allowed return URL', () => {
  it.each([
    ['https://shop.example/paid?order=1#top', 'https://shop.example/paid?order=1#top'],
    ['https://shop.example', 'https://shop.example/'],
    ['https://SHOP.example:443/paid', 'https://shop.example/paid'],
    ['https://pay.example:8443/', 'https://pay.example:8443/'],
    ['http://127.0.0.1:5173/paid', 'http://127.0.0.1:5173/paid'],
    ['http://127.0.0.1/', 'http://127.0.0.1/'],
    ['https:\\\\shop.example\\paid', 'https://shop.example/paid'],
    ['https://shop.example/a b', 'https://shop.example/a%20b'],
  ])('is %s, as each parser reads it: %s', (given, href) => {
    expect(allowedReturnUrl(given, origins)).toBe(href);
  });

  it.each([
    'http://shop.example/paid',
    'https://shop.example:8443/paid',
    'https://shop.example.evil.example/paid',
    'https://evil.example/https://shop.example',
    'https://shop.example@evil.example/paid',
    'https://evil.example\\@shop.example/paid',
    'https://alice@shop.example/paid',
    'https://:secret@shop.example/paid',
    'https://127.0.0.1:8080/paid',
    'http://127.0.0.1.evil.example/paid',
    'http://localhost:3000/paid',
  ])('is not %s', (given) => {
    const check = () => allowedReturnUrl(given, origins);

    expect(check).toThrow(RejectionError);
    expect(check).toThrow(
      expect.objectContaining({
        data: expect.objectContaining({
          code: 'return-url-not-allowed',
          errors: [{ pointer: '/returnUrl', detail: "This is not a page of the shop's sites." }],
        }),
      }),
    );
  });

  it('is none without an origin', () => {
    expect(() => allowedReturnUrl('https://shop.example/', [''])).toThrow(RejectionError);
  });
});

it.each([
  ['https://shop.example/paid', true],
  ['HTTP://localhost', true],
  ['javascript:alert(1)', false],
  ['data:text/html,hello', false],
  [`https://shop.example/${'x'.repeat(900)}`, true],
  [`https://shop.example/${'x'.repeat(1_000)}`, false],
  [`https://shop.example/${'茶'.repeat(200)}`, false],
  ['shop://paid', false],
  ['/paid', false],
  ['', false],
])('knows whether %o can be the address of a page', (text, isOne) => {
  expect(isWebUrl(text)).toBe(isOne);
});

it('reads the return origins from the environment', () => {
  const RETURN_ORIGINS = 'https://shop.example,http://localhost:*';

  expect(returnOriginsFrom({ RETURN_ORIGINS })).toEqual([
    'https://shop.example',
    'http://localhost:*',
  ]);
  expect(returnOriginsFrom({})).toEqual(['']);
});
