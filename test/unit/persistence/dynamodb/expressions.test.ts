import { describe, expect, it } from 'vitest';
import {
  conditionCheck,
  equals,
  exists,
  greaterOrEqual,
  notExists,
  notExistsOrLessOrEqual,
  putIfAbsent,
  stillEquals,
  update,
} from '../../../../shared/persistence/dynamodb/expressions.ts';

describe('update', () => {
  it('writes each part under placeholders, so that no attribute name is ever a reserved word', () => {
    const write = update({
      table: 'Orders',
      key: { orderId: 'o' },
      set: { status: 'PAYING' },
      add: { version: 1 },
      append: { history: ['x'] },
      remove: ['note'],
      conditions: [
        equals('status', 'NEW'),
        notExists('owner'),
        exists('orderId'),
        greaterOrEqual('total', 5),
      ],
    });

    expect(write.Update).toEqual({
      TableName: 'Orders',
      Key: { orderId: 'o' },
      UpdateExpression:
        'SET #status = :v0, #history = list_append(#history, :v1) ADD #version :v2 REMOVE #note',
      ConditionExpression:
        '#status = :v3 AND attribute_not_exists(#owner) AND attribute_exists(#orderId) AND #total >= :v4',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      ExpressionAttributeNames: {
        '#status': 'status',
        '#history': 'history',
        '#version': 'version',
        '#note': 'note',
        '#owner': 'owner',
        '#orderId': 'orderId',
        '#total': 'total',
      },
      ExpressionAttributeValues: {
        ':v0': 'PAYING',
        ':v1': ['x'],
        ':v2': 1,
        ':v3': 'NEW',
        ':v4': 5,
      },
    });
  });
});

describe('an attribute that is not there yet', () => {
  it('is as it was read, and at most anything', () => {
    const { Update } = update({
      table: 'Payments',
      key: { paymentId: 'p' },
      set: { asked: '2' },
      conditions: [
        stillEquals('hintedAt', undefined),
        stillEquals('version', 3),
        notExistsOrLessOrEqual('asked', '1'),
      ],
    });

    expect(Update).toMatchObject({
      ConditionExpression:
        'attribute_not_exists(#hintedAt) AND #version = :v1 AND (attribute_not_exists(#asked) OR #asked <= :v2)',
      ExpressionAttributeValues: { ':v0': '2', ':v1': 3, ':v2': '1' },
    });
  });
});

describe('putNew', () => {
  it('puts only where no item of the key is, and asks for the one that is', () => {
    const { Put } = putIfAbsent({ table: 'Payments', item: { paymentId: 'p' }, id: 'paymentId' });

    expect(Put).toEqual({
      TableName: 'Payments',
      Item: { paymentId: 'p' },
      ConditionExpression: 'attribute_not_exists(#paymentId)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      ExpressionAttributeNames: { '#paymentId': 'paymentId' },
    });
  });
});

describe('check', () => {
  it('holds a transaction to a condition and writes nothing', () => {
    const { ConditionCheck } = conditionCheck({
      table: 'Payments',
      key: { paymentId: 'p' },
      conditions: [equals('version', 3)],
    });

    expect(ConditionCheck).toEqual({
      TableName: 'Payments',
      Key: { paymentId: 'p' },
      ConditionExpression: '#version = :v0',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':v0': 3 },
    });
  });
});
