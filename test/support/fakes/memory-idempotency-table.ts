import { idempotencyFromEnv } from '../../../shared/lambda/idempotency.ts';
import { lowLevelClientOf } from '../../simulation/aws/dynamodb/clients.ts';
import { MemoryDynamoDb } from '../../simulation/aws/dynamodb/memory-dynamodb.ts';

type Item = Record<string, unknown>;

const table = 'Idempotency';

/** The idempotency table behind Powertools' client, with writes that can be made to fail. */
export const createMemoryIdempotencyTable = () => {
  const db = new MemoryDynamoDb(
    [
      {
        TableName: table,
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      },
    ],
    { now: Date.now },
  );
  const broken = new Set<string>();
  const dynamoDb = lowLevelClientOf(async (operation, input) => {
    if (broken.has(operation.toLowerCase())) {
      throw Object.assign(new Error('connection lost'), { code: 'ECONNRESET' });
    }

    return db.execute(operation, input);
  });

  return {
    /** As `idempotent` takes it. */
    store: idempotencyFromEnv({ environment: { IDEMPOTENCY_TABLE: table }, dynamoDb }),
    dynamoDb,
    stored: (): readonly Item[] => db.items(table),
    /** Removes all records, as their TTL does. */
    forget: () => {
      for (const { id } of db.items(table)) db.remove(table, { id });
    },
    /** Makes this kind of write fail from now on. */
    break: (write: 'put' | 'update' | 'delete') => {
      broken.add(write);
    },
  };
};

/** Whether the idempotency record of a first request still exists when its key is repeated. */
export const recordStates: [
  title: string,
  reach: (harness: {
    readonly answers: Pick<ReturnType<typeof createMemoryIdempotencyTable>, 'forget'>;
  }) => void,
][] = [
  ['while its idempotency record exists', () => {}],
  ['without its idempotency record', ({ answers }) => answers.forget()],
];
