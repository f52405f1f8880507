import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type {
  BasePlatform,
  DynamoDbStreamsPlatform,
  EventBridgePlatform,
  SecretsPlatform,
  SqsPlatform,
} from '../../../shared/config/platform.ts';
import { createDatabase } from '../../../shared/config/system-runtime.ts';
import type { GrantCheck } from '../../support/cdk/deployment/grant-check.ts';
import { awsError, type Network } from '../virtual/network.ts';
import type { Process } from '../virtual/process.ts';
import { documentClientOf, lowLevelClientOf } from './dynamodb/clients.ts';

type Input = Readonly<Record<string, unknown>>;

/** What the clients of a function reach. Each function throws what the service throws. */
export interface AwsServices {
  readonly dynamoDb: (operation: string, input: Input, by: string, attempt: number) => object;
  readonly sqs: (operation: string, input: Input) => object;
  readonly dynamoDbStreams: (operation: string, input: Input) => object;
  readonly putEvents: (entries: readonly object[], by: string) => object;
  readonly secret: (arn: string) => string;
  /** Whether the role of the function allows the action on the resource. */
  readonly isGranted: GrantCheck;
}

const actionOf: Readonly<Record<string, string>> = {
  Get: 'dynamodb:GetItem',
  BatchGet: 'dynamodb:BatchGetItem',
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Delete: 'dynamodb:DeleteItem',
  Query: 'dynamodb:Query',
  Scan: 'dynamodb:Scan',
  ConditionCheck: 'dynamodb:ConditionCheckItem',
};

interface TableAccess {
  readonly table: string;
  readonly action: string;
  readonly resource: string;
  /** The item that is written, or the key of the item. */
  readonly item?: Input | undefined;
}

const accessesOf = (operation: string, input: Input): readonly TableAccess[] => {
  const access = (kind: string, request: Input): TableAccess => {
    const table = String(request.TableName);
    const resource =
      request.IndexName === undefined ? table : `${table}/index/${request.IndexName}`;

    const item = (request.Key ?? request.Item) as Input | undefined;

    return { table, action: actionOf[kind] ?? kind, resource, item };
  };
  if (operation === 'TransactWrite')
    return (input.TransactItems as readonly Record<string, Input>[]).flatMap((item) =>
      Object.entries(item).map(([kind, request]) => access(kind, request)),
    );
  if (operation === 'BatchGet')
    return Object.keys(input.RequestItems as Input).map((TableName) =>
      access(operation, { TableName }),
    );

  return [access(operation, input)];
};

/** What a function is given of AWS. */
export type AwsPlatform = Omit<BasePlatform, 'environment'> &
  SqsPlatform &
  EventBridgePlatform &
  DynamoDbStreamsPlatform &
  SecretsPlatform;

type CommandLike = { readonly input: Input; readonly constructor: { readonly name: string } };

const operationOf = (command: CommandLike) => command.constructor.name.replace(/Command$/, '');

/** The clients of one execution environment: each call goes through the network, with the rights of its function. */
export const createAwsPlatform = (
  process: Process,
  network: Network,
  services: AwsServices,
): AwsPlatform => {
  const { name: folder, runtime } = process;
  const requireGrant = (action: string, resource: string, item?: Input) => {
    if (!services.isGranted(folder, action, resource, item))
      throw awsError('AccessDeniedException');
  };
  const callDynamoDb = (operation: string, input: object): Promise<object> => {
    const accesses = accessesOf(operation, input as Input);

    return network(
      process,
      {
        service: 'dynamodb',
        operation,
        subjects: accesses.map(({ table }) => `table ${table}`),
      },
      (attempt) => {
        for (const { action, resource, item } of accesses) requireGrant(action, resource, item);

        return services.dynamoDb(operation, input as Input, folder, attempt);
      },
    );
  };
  const sqs = {
    send: (command: CommandLike) => {
      const operation = operationOf(command);

      return network(process, { service: 'sqs', operation, subjects: ['queues'] }, () => {
        const queue = String(command.input.QueueUrl ?? command.input.QueueName);
        requireGrant(`sqs:${operation}`, queue.replace(/\.QueueName$/, ''));

        return services.sqs(operation, command.input);
      });
    },
  };
  const bus = {
    send: (command: CommandLike) =>
      network(process, { service: 'events', operation: 'PutEvents', subjects: ['bus'] }, () => {
        const entries = command.input.Entries as readonly { EventBusName?: string }[];
        for (const { EventBusName = '' } of entries) requireGrant('events:PutEvents', EventBusName);

        return services.putEvents(entries, folder);
      }),
  };

  const streams = {
    send: (command: CommandLike) => {
      const operation = operationOf(command);
      const { input } = command;
      // An iterator begins with its stream.
      const stream = `${input.StreamArn ?? input.ShardIterator}`.split(' ')[0] ?? '';
      const table = stream.split('/')[1] ?? '';

      return network(
        process,
        { service: 'dynamodb', operation, subjects: [`table ${table}`] },
        () => {
          requireGrant(`dynamodb:${operation}`, `${table} (stream)`);

          return services.dynamoDbStreams(operation, input);
        },
      );
    },
  };

  return {
    ...runtime,
    createDynamoDbStreams: () => streams as unknown as DynamoDBStreamsClient,
    db: createDatabase(documentClientOf(callDynamoDb), runtime),
    dynamoDb: lowLevelClientOf(callDynamoDb),
    createSqs: () => sqs as unknown as SQSClient,
    createEventBridge: () => bus as unknown as EventBridgeClient,
    createSecretReader: (arn) => () =>
      network(
        process,
        { service: 'secrets', operation: 'GetSecretValue', subjects: ['secrets'] },
        () => {
          requireGrant('secretsmanager:GetSecretValue', arn);

          return services.secret(arn);
        },
      ),
  };
};
