import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';

type Item = Record<string, unknown>;

/** The idempotency table behind Powertools' client, with writes that can be made to fail. */
export const createMemoryIdempotencyTable = () => {
  const table = new Map<string, Item>();
  const dynamoDb = new DynamoDBClient();
  const client = mockClient(dynamoDb);

  client.on(PutItemCommand).callsFake(({ Item = {} }) => {
    const item = unmarshall(Item);
    const there = table.get(item.id);
    if (there) {
      throw new ConditionalCheckFailedException({
        message: 'there already',
        $metadata: {},
        Item: marshall(there),
      });
    }
    table.set(item.id, item);

    return {};
  });
  client.on(UpdateItemCommand).callsFake((input) => {
    const { id } = unmarshall(input.Key);
    const values = unmarshall(input.ExpressionAttributeValues);
    const changes = Object.entries<string>(input.ExpressionAttributeNames).map(
      ([name, attribute]) => [attribute, values[name.replace('#', ':')]],
    );
    table.set(id, { ...table.get(id), ...Object.fromEntries(changes) });

    return {};
  });
  client.on(DeleteItemCommand).callsFake(({ Key }) => {
    table.delete(unmarshall(Key).id);

    return {};
  });

  return {
    /** As `idempotent` takes it. */
    store: { table: 'Idempotency', dynamoDb },
    stored: () => [...table.values()],
    /** Removes all records, as their TTL does. */
    forget: () => table.clear(),
    /** Makes this kind of write fail from now on. */
    break: (write: 'put' | 'update' | 'delete') => {
      const lost = Object.assign(new Error('connection lost'), { code: 'ECONNRESET' });
      if (write === 'put') client.on(PutItemCommand).rejects(lost);
      if (write === 'update') client.on(UpdateItemCommand).rejects(lost);
      if (write === 'delete') client.on(DeleteItemCommand).rejects(lost);
    },
  };
};
