import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../../shared/config/system-runtime.ts';
import { getItem } from '../../../../shared/persistence/dynamodb/get-item.ts';

const db = mockClient(DynamoDBDocumentClient);
const client = createDatabase(db as unknown as DynamoDBDocumentClient);

beforeEach(() => db.reset());

describe('get item', () => {
  it('reads the item of a key with strong consistency', async () => {
    db.on(GetCommand).resolves({ Item: { id: 1, owner: 'alice' } });

    expect(await getItem(client, 'T', { id: 1 })).toEqual({ id: 1, owner: 'alice' });
    expect(db.commandCalls(GetCommand).map(({ args: [{ input }] }) => input)).toEqual([
      { TableName: 'T', Key: { id: 1 }, ConsistentRead: true },
    ]);
  });

  it('returns undefined if the key has no item', async () => {
    db.on(GetCommand).resolves({});

    expect(await getItem(client, 'T', { id: 1 })).toBeUndefined();
  });
});
