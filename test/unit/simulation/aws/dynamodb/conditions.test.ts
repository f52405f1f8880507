import { describe, expect, it } from 'vitest';
import { createTestDatabase } from './harness.ts';

/** The item of the examples in the developer guide, with members of each type. */
const product = {
  id: 'p123',
  Price: 500,
  Brand: 'Acme',
  Safety: { Warning: 'Always wear a helmet' },
  Color: ['Red', 'Black'],
  InStock: true,
  QuantityOnHand: null,
  Pictures: { FrontView: 'http://example.com/front.jpg', Reviews: [{ stars: 5 }, { stars: 1 }] },
  OldPrice: 500,
};

const names = { '#p': 'Price', '#none': 'Rating' };
const values = {
  ':500': 500,
  ':499': 499,
  ':text': '500',
  ':acme': 'Acme',
  ':Ac': 'Ac',
  ':S': 'S',
  ':N': 'N',
  ':M': 'M',
  ':L': 'L',
  ':BOOL': 'BOOL',
  ':NULL': 'NULL',
  ':red': 'Red',
  ':colors': ['Red', 'Black'],
  ':true': true,
  ':5': 5,
  ':2': 2,
  ':4': 4,
};

const used = <T>(condition: string, all: Readonly<Record<string, T>>) => {
  const found = Object.entries(all).filter(([name]) =>
    new RegExp(`${name}(?![A-Za-z0-9])`).test(condition),
  );

  return found.length > 0 ? Object.fromEntries(found) : undefined;
};

const isMet = (condition: string): boolean => {
  const { db, execute } = createTestDatabase();
  db.put('Orders', product);
  try {
    execute('Delete', {
      TableName: 'Orders',
      Key: { id: 'p123' },
      ConditionExpression: condition,
      ExpressionAttributeNames: used(condition, names),
      ExpressionAttributeValues: used(condition, values),
    });

    return true;
  } catch (error) {
    if ((error as Error).name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
};

describe('condition expression', () => {
  it.each([
    'attribute_exists(#p)',
    'attribute_not_exists(#none)',
    'attribute_exists(Pictures.FrontView)',
    'attribute_exists(QuantityOnHand)',
    'attribute_type(Brand, :S) AND attribute_type(#p, :N) AND attribute_type(Safety, :M)',
    'attribute_type(Color, :L) AND attribute_type(InStock, :BOOL)',
    'attribute_type(QuantityOnHand, :NULL)',
    'begins_with(Brand, :Ac)',
    'contains(Color, :red)',
    'contains(Brand, :Ac)',
    'size(Brand) = :4',
    'size(Color) <= :2 AND size(Pictures) = :2',
    '#p = :500',
    '#p = OldPrice',
    'Color = :colors',
    '#p > :499 AND #p >= :500 AND #p <= :500 AND #p <> :499',
    '#p BETWEEN :499 AND :500',
    '#p IN (:499, :500)',
    'Pictures.Reviews[0].stars = :5',
    'InStock = :true',
    'NOT #p = :499',
    'NOT (#p = :499 OR #p < :499)',
    '#p = :499 OR #p = :500 AND Brand = :acme',
    '(#p = :499 OR #p = :500) and not Brand = :S',
    '#none <> :5',
    '#p <> :text',
  ])('is true: %s', (condition) => {
    expect(isMet(condition)).toBe(true);
  });

  it.each([
    'attribute_exists(#none)',
    'attribute_not_exists(#p)',
    'attribute_not_exists(QuantityOnHand)',
    'attribute_type(#p, :S)',
    'attribute_type(#none, :S)',
    'begins_with(#p, :Ac)',
    'begins_with(Brand, :acme) AND begins_with(#none, :acme)',
    'contains(Color, :acme)',
    'size(#none) <= :2',
    'size(#p) <= :500',
    '#p = :text',
    '#p < :text OR #p > :text',
    '#none = :5',
    '#none < :5 OR #none > :5 OR #none BETWEEN :2 AND :5 OR #none IN (:5)',
    'NOT #none <> :5',
    '(#p = :499 OR #p = :500) AND Brand = :S',
    '#p = :500 AND Brand = :S OR #p = :499',
  ])('is false: %s', (condition) => {
    expect(isMet(condition)).toBe(false);
  });

  it('returns the stored item of a failed condition if the request asks for it', () => {
    const { db, execute } = createTestDatabase();
    db.put('Orders', { id: 'a', total: 5 });
    const put = {
      TableName: 'Orders',
      Item: { id: 'a' },
      ConditionExpression: 'attribute_not_exists(id)',
    };

    expect(() => execute('Put', put)).toThrow(
      expect.not.objectContaining({ Item: expect.anything() }),
    );
    expect(() =>
      execute('Put', { ...put, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }, { attempts: 2 }),
    ).toThrow(
      expect.objectContaining({
        name: 'ConditionalCheckFailedException',
        Item: { id: { S: 'a' }, total: { N: '5' } },
        $metadata: expect.objectContaining({ attempts: 2 }),
      }),
    );
  });

  it.each([
    ['#p = :v', { names: {}, values: { ':v': 1 } }, 'must not be empty'],
    ['#p = :v', { values: { ':v': 1 } }, 'attribute name used in the document path is not defined'],
    ['#p = :v', { names: { '#p': 'Price' } }, 'value used in expression is not defined'],
    [
      'id = :v',
      { values: { ':v': 'a', ':w': 1 } },
      'ExpressionAttributeValues unused in expressions',
    ],
    [
      'attribute_exists(id)',
      { names: { '#p': 'Price' } },
      'ExpressionAttributeNames unused in expressions',
    ],
    ['id = :v AND', { values: { ':v': 'a' } }, 'Syntax error; token: "<EOF>"'],
    ['id == :v', { values: { ':v': 'a' } }, 'Syntax error'],
    ['', {}, 'can not be empty'],
    ['attribute_exists(id, id)', {}, 'Incorrect number of operands'],
    ['id < :v', { values: { ':v': true } }, 'Incorrect operand type'],
  ])('rejects %j with %j', (condition, placeholders, message) => {
    const { execute } = createTestDatabase();
    const { names: given, values: all }: { names?: object; values?: object } = placeholders;
    const request = {
      TableName: 'Orders',
      Item: { id: 'a' },
      ConditionExpression: condition,
      ExpressionAttributeNames: given,
      ExpressionAttributeValues: all,
    };

    expect(() => execute('Put', request)).toThrow(
      expect.objectContaining({
        name: 'ValidationException',
        message: expect.stringContaining(message),
      }),
    );
  });
});
