import { describe, expect, it } from 'vitest';
import {
  conditionCheck,
  deletion,
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
  it('uses placeholders for all names and values, so that no name is a reserved word', () => {
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

describe('conditions on an absent attribute', () => {
  it('compares the value that was read with the stored one', () => {
    const { Update } = update({
      table: 'Payments',
      key: { paymentId: 'p' },
      set: { lastAt: '2' },
      conditions: [
        stillEquals('hintedAt', undefined),
        stillEquals('version', 3),
        notExistsOrLessOrEqual('lastAt', '1'),
      ],
    });

    expect(Update).toMatchObject({
      ConditionExpression:
        'attribute_not_exists(#hintedAt) AND #version = :v1 AND (attribute_not_exists(#lastAt) OR #lastAt <= :v2)',
      ExpressionAttributeValues: { ':v0': '2', ':v1': 3, ':v2': '1' },
    });
  });
});

describe('deletion', () => {
  it('is conditional', () => {
    const { Delete } = deletion({
      table: 'Coupons',
      key: { couponId: 'c' },
      conditions: [equals('status', 'USED')],
    });

    expect(Delete).toEqual({
      TableName: 'Coupons',
      Key: { couponId: 'c' },
      ConditionExpression: '#status = :v0',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':v0': 'USED' },
    });
  });
});

describe('putIfAbsent', () => {
  it('puts only if the key has no item and requests the stored item otherwise', () => {
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

describe('conditionCheck', () => {
  it('checks a condition and writes nothing', () => {
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
