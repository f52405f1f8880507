import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it } from 'vitest';
import { createDatabase } from '../../../../shared/config/system-runtime.ts';
import { pagesOfEntries } from '../../../../shared/persistence/dynamodb/entries.ts';
import { readAll } from '../../../../shared/persistence/dynamodb/paginate.ts';

const readEntries = async (pageCount: number) => {
  const db = mockClient(DynamoDBDocumentClient);
  let page = 0;
  db.on(QueryCommand).callsFake(() => {
    page += 1;

    return { Items: [{ page }], ...(page < pageCount && { LastEvaluatedKey: { page } }) };
  });
  const pages = pagesOfEntries(createDatabase(db as unknown as DynamoDBDocumentClient), {
    table: 'LoyaltyPoints',
    partition: ['userId', 'alice'],
    prefix: 'PAYMENT#',
    attributes: ['page'],
    isConsistent: true,
  });

  return (await readAll(pages)).length;
};

it('reads ten pages of entries', async () => {
  expect(await readEntries(10)).toBe(10);
});

it('fails for more than ten pages, so that no part counts as the whole', async () => {
  await expect(readEntries(11)).rejects.toThrow(
    'userId alice has more than 10 MB of entries PAYMENT#.',
  );
});
