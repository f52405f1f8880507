import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import {
  createDocumentOptions,
  parseStoredNumber,
  unmarshallItem,
} from '../../../shared/config/document-values.ts';

describe('stored number', () => {
  it.each([
    ['0', 0],
    ['-3000', -3_000],
    ['2999.5', 2_999.5],
    ['0.1', 0.1],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['1000.0', 1_000],
    ['1E3', 1_000],
    ['1E-130', 1e-130],
  ])('converts %s to a number', (text, number) => {
    expect(parseStoredNumber(text)).toBe(number);
  });

  it.each([
    ['beyond 2^53 - 1', '9007199254740992'],
    ['beyond 2^53 - 1, below zero', '-9007199254740993'],
    ['of 38 digits', '12345678901234567890123456789012345678'],
    ['too large for an integer of any kind', '1E+125'],
    ['large and fractional', '9007199254740993.5'],
    ['that would round to a whole amount', '2999.00000000000000000001'],
  ])('keeps %s as text', (_what, text) => {
    expect(parseStoredNumber(text)).toBe(text);
  });

  it('does not fail an item at any depth', () => {
    expect(
      unmarshallItem({
        sku: { S: 'tea' },
        unitPrice: { N: '9007199254740993.5' },
        more: { L: [{ N: '7' }, { N: '9007199254740993' }] },
      }),
    ).toEqual({ sku: 'tea', unitPrice: '9007199254740993.5', more: [7, '9007199254740993'] });
  });
  it('is converted in errors and streams after a client was created', () => {
    DynamoDBDocumentClient.from(
      new DynamoDBClient({ region: 'eu-west-1' }),
      createDocumentOptions(),
    );

    expect(unmarshallItem({ sku: { S: 'tea' }, available: { N: '3' } })).toEqual({
      sku: 'tea',
      available: 3,
    });
  });
});
