import { describe, expect, it } from 'vitest';
import { CliError } from '../../../../dev/cli/cli-error.ts';
import { formatErasure, parseEraseOptions } from '../../../../dev/ops/erase-buyer.ts';
import type { ErasureResult } from '../../../../shared/application/erasure/erase-buyer.ts';

const none = {
  ...{ orders: 0, payments: 0, refunds: 0, reviews: 0 },
  ...{ audits: 0, coupons: 0, points: 0, balances: 0 },
};
const found = { ...none, orders: 1_200, payments: 2, balances: 1 };
const result = (given: Partial<ErasureResult> = {}): ErasureResult => ({
  found,
  erased: none,
  open: [],
  ...given,
});
const open = [{ item: 'payment pay_1', reason: 'is UNKNOWN' }];

describe('the command for an erasure', () => {
  it('lists what is found and what is erased, and what it does not reach', () => {
    const text = formatErasure(result({ erased: found, pseudonym: 'erased_1' }), false);

    expect(text.split('\n').slice(0, 10)).toEqual([
      '          found  erased',
      'orders    1,200   1,200',
      'payments      2       2',
      'refunds       0       0',
      'reviews       0       0',
      'audits        0       0',
      'coupons       0       0',
      'points        0       0',
      'balances      1       1',
      'Erased. The books name erased_1 instead.',
    ]);
    expect(text).toContain('Not reached:\n  the account at the issuer: delete it first');
  });

  it.each<[string, ErasureResult, boolean, string]>([
    ['a dry run', result(), true, 'Nothing prevents it: add --execute.'],
    [
      'something open',
      result({ open }),
      false,
      'Nothing is erased while something is open:\n  payment pay_1 is UNKNOWN',
    ],
    [
      'something open that came meanwhile',
      result({ open, erased: found, pseudonym: 'erased_1' }),
      false,
      'Run the command again later. This is left:\n  payment pay_1 is UNKNOWN',
    ],
    ['no such buyer', result({ found: none }), false, 'Nothing is stored about this buyer.'],
  ])('says what to do after %s', (_, given, isDryRun, verdict) => {
    const text = formatErasure(given, isDryRun);

    expect(text).toContain(`${verdict}\n`);
    expect(text.startsWith('Dry run')).toBe(isDryRun);
  });

  const given = { actor: 'olivia', execute: false };

  it('takes a buyer and a reason, and changes nothing without --execute', () => {
    const values = { ...given, user: 'auth0|a b', reason: '  request 4711  ' };

    expect(parseEraseOptions(values, [])).toEqual({
      ...{ userId: 'auth0|a b', actor: 'olivia', reason: 'request 4711', isDryRun: true },
    });
    expect(parseEraseOptions({ ...values, execute: true }, [])).toMatchObject({ isDryRun: false });
  });

  it.each<[string, { user?: string; reason?: string }, string[], string]>([
    ['no buyer', {}, [], 'Add --user <id>'],
    ['an empty buyer', { user: '', reason: 'request 4711' }, [], 'Add --user <id>'],
    ['a buyer without an option', { reason: 'request 4711' }, ['zoe'], 'Add --user <id>'],
    ['an id that is not quoted', { user: 'a', reason: 'request 4711' }, ['b'], '"b" is not'],
    ['no reason', { user: 'zoe' }, [], 'Add --reason "…" of 10 to 500 characters'],
    ['a short reason', { user: 'zoe', reason: '   asked    ' }, [], 'Add --reason'],
    ['a long reason', { user: 'zoe', reason: 'x'.repeat(501) }, [], 'Add --reason'],
  ])('says in one sentence what to do about %s', (_, values, rest, message) => {
    const parse = () => parseEraseOptions({ ...given, ...values }, rest);

    expect(parse).toThrow(CliError);
    expect(parse).toThrow(message);
  });
});
