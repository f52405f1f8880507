import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { duePaymentsIn } from '../../../shared/data/due-payments.ts';
import { dueShards } from '../../../shared/domain/due-shards.ts';
import { noon } from '../../support/builders.ts';

const db = mockClient(DynamoDBDocumentClient);
const due = duePaymentsIn(db as unknown as DynamoDBDocumentClient, 'Payments');

beforeEach(() => {
  db.reset();
  db.on(QueryCommand).resolves({});
});

describe('what is due', () => {
  it('is asked of every shard of the index, so many of each at most', async () => {
    await due.by(noon, 25);

    const asked = db.commandCalls(QueryCommand).map(({ args: [{ input }] }) => input);
    expect(asked.map((input) => input.ExpressionAttributeValues?.[':shard'])).toEqual(dueShards);
    for (const input of asked) {
      expect(input).toMatchObject({
        TableName: 'Payments',
        IndexName: 'byDue',
        KeyConditionExpression: '#shard = :shard AND #dueAt <= :time',
        ExpressionAttributeValues: { ':time': noon.toISOString() },
        Limit: 25,
      });
    }
  });

  it('is named by the ids of the payments, of all shards together', async () => {
    db.on(QueryCommand).callsFake(({ ExpressionAttributeValues: { ':shard': shard } }) => ({
      Items: [{ paymentId: `pay_${shard}` }],
    }));

    expect(await due.by(noon, 25)).toEqual(dueShards.map((shard) => `pay_${shard}`));
  });
});
