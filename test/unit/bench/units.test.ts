import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { readUnits, writeUnits } from '../../bench/counts/units.ts';
import { sizeOf } from '../../support/dynamodb-item-size.ts';

describe('item size', () => {
  it.each([
    ['a text, in bytes', { name: 'tée' }, 4 + 4],
    ['a number: a byte for two digits, and one', { n: 12_345 }, 1 + 3 + 1],
    ['a number without its zeros', { n: 1_000_000 }, 1 + 1 + 1],
    ['a number below zero', { n: -12 }, 1 + 1 + 1 + 1],
    ['a fraction', { n: 0.5 }, 1 + 1 + 1],
    ['zero', { n: 0 }, 1 + 1],
    ['yes and no', { yes: true, no: null }, 3 + 1 + 2 + 1],
    ['a list', { l: ['a', 'bc'] }, 1 + 3 + (1 + 1) + (1 + 2)],
    ['an empty list', { l: [] }, 1 + 3],
    ['a map in a list', { l: [{ sku: 'tea' }] }, 1 + 3 + 1 + (3 + 1 + 3 + 3)],
  ])('counts %s', (_, item, size) => {
    expect(sizeOf(marshall(item))).toBe(size);
  });
});

const key = (name: string) => [{ AttributeName: name, KeyType: 'HASH' as const }];
const table = {
  TableName: 'Payments',
  KeySchema: key('id'),
  GlobalSecondaryIndexes: [
    { IndexName: 'all', KeySchema: key('user'), Projection: { ProjectionType: 'ALL' } },
    { IndexName: 'due', KeySchema: key('due'), Projection: { ProjectionType: 'KEYS_ONLY' } },
    {
      IndexName: 'few',
      KeySchema: key('user'),
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['status'] },
    },
  ],
} as unknown as CreateTableCommandInput;

const anItem = (given: object = {}, bytes = 100) => {
  const item = { id: 'pay_1', ...given };

  return marshall({ ...item, pad: 'x'.repeat(bytes - sizeOf(marshall(item)) - 'pad'.length) });
};

const units = (before: object | undefined, after: object | undefined, isTransactional = false) =>
  Object.fromEntries(
    writeUnits({ table, before, after, isTransactional } as Parameters<typeof writeUnits>[0]).map(
      (one) => [one.of, one.units],
    ),
  );

describe('write units', () => {
  it.each([
    ['a KB', 1_024, 1],
    ['a byte more', 1_025, 2],
    ['three KB', 3_072, 3],
  ])('counts one per started KB: %s', (_, bytes, expected) => {
    expect(units(undefined, anItem({}, bytes))).toEqual({ Payments: expected });
  });

  it('uses the larger of the old and the new item', () => {
    expect(units(anItem({}, 2_000), anItem())).toEqual({ Payments: 2 });
    expect(units(anItem(), anItem({}, 2_000))).toEqual({ Payments: 2 });
  });

  it('doubles the units in a transaction', () => {
    expect(units(undefined, anItem({}, 1_500), true)).toEqual({ Payments: 4 });
  });

  it('counts one for a condition check or a failed condition', () => {
    expect(units(anItem(), anItem())).toEqual({ Payments: 1 });
    expect(units(undefined, undefined)).toEqual({ Payments: 1 });
  });

  it('counts each index with the item once, not doubled', () => {
    expect(units(undefined, anItem({ user: 'alice', due: 'now' }), true)).toEqual({
      Payments: 2,
      'Payments.all': 1,
      'Payments.due': 1,
      'Payments.few': 1,
    });
  });

  it('counts none for an index without a change', () => {
    const before = anItem({ user: 'alice', due: 'now', status: 'OPEN' });
    const after = anItem({ user: 'alice', due: 'now', status: 'OPEN', more: 'text' });

    expect(units(before, after)).toEqual({ Payments: 1, 'Payments.all': 1 });
  });

  it('counts one for a change in an index, two for a changed key, one for a removal', () => {
    const before = anItem({ user: 'alice', due: 'now', status: 'OPEN' });

    expect(units(before, anItem({ user: 'alice', due: 'now', status: 'DONE' }))).toMatchObject({
      'Payments.few': 1,
    });
    expect(units(before, anItem({ user: 'alice', due: 'later', status: 'OPEN' }))).toMatchObject({
      'Payments.due': 2,
    });
    expect(units(before, anItem({ user: 'alice', status: 'OPEN' }))).toMatchObject({
      'Payments.due': 1,
    });
  });
});

describe('read units', () => {
  it.each([
    ['4 KB', [4_096], true, 1],
    ['a byte more', [4_097], true, 2],
    ['several items as one', [3_000, 3_000], true, 2],
    ['half of it for an eventually consistent read', [4_097], false, 1],
    ['one for nothing', [], true, 1],
  ])('counts one per started 4 KB: %s', (_, sizes, isConsistent, expected) => {
    const items = sizes.map((bytes) => anItem({}, bytes));

    expect(readUnits('Payments', items, isConsistent)).toEqual({ of: 'Payments', units: expected });
  });
});
