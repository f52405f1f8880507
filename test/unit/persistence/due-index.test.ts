import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../shared/config/system-runtime.ts';
import { createDueIndex } from '../../../shared/persistence/due-index.ts';
import { noon } from '../../support/builders/builders.ts';

const db = mockClient(DynamoDBDocumentClient);
const dueIndex = createDueIndex(
  createDatabase(db as unknown as DynamoDBDocumentClient),
  'Payments',
  'paymentId',
);
const queryInputs = () => db.commandCalls(QueryCommand).map(({ args: [{ input }] }) => input);

beforeEach(() => {
  db.reset();
});

describe('due index', () => {
  it('queries one shard of the index with the page size as limit', async () => {
    db.on(QueryCommand).resolves({ Items: [{ paymentId: 'pay_1' }, { paymentId: 'pay_2' }] });

    expect(await Array.fromAsync(dueIndex.pagesOfShard('3', noon, 25))).toEqual([
      ['pay_1', 'pay_2'],
    ]);

    expect(queryInputs()).toMatchObject([
      {
        TableName: 'Payments',
        IndexName: 'byDue',
        KeyConditionExpression: '#shard = :shard AND #dueAt <= :time',
        ExpressionAttributeValues: { ':shard': '3', ':time': noon.toISOString() },
        Limit: 25,
      },
    ]);
  });

  it('reads the next page only when it is consumed', async () => {
    const key = { paymentId: 'pay_1' };
    db.on(QueryCommand)
      .resolvesOnce({ Items: [{ paymentId: 'pay_1' }], LastEvaluatedKey: key })
      .resolves({ Items: [{ paymentId: 'pay_2' }], LastEvaluatedKey: { paymentId: 'pay_2' } });

    for await (const page of dueIndex.pagesOfShard('0', noon, 1)) if (page.includes('pay_2')) break;

    expect(queryInputs().map(({ ExclusiveStartKey }) => ExclusiveStartKey)).toEqual([
      undefined,
      key,
    ]);
  });

  it('reschedules by due time only and ignores an item that is no longer due', async () => {
    await dueIndex.reschedule('pay_1', noon);

    expect(db.commandCalls(UpdateCommand)[0]?.args[0].input).toMatchObject({
      Key: { paymentId: 'pay_1' },
      UpdateExpression: 'SET #dueAt = :v0',
      ConditionExpression: '#dueAt <= :v1',
      ExpressionAttributeValues: { ':v0': noon.toISOString(), ':v1': noon.toISOString() },
    });
    db.on(UpdateCommand).rejects(
      new ConditionalCheckFailedException({ message: 'not due', $metadata: {} }),
    );
    await expect(dueIndex.reschedule('pay_1', noon)).resolves.toBeUndefined();
  });
});
