import type { SQSEvent } from 'aws-lambda';
import { localAccount, localClient } from '../../../dev/aws.ts';
import { openAws } from './aws-endpoint.ts';
import { matches } from './event-pattern.ts';
import { type FunctionPool, functionPool, type Watch } from './function-pool.ts';
import { type LocalQueue, localQueue } from './local-queue.ts';
import type { Plan, PlannedFunction } from './plan.ts';
import { runMachine } from './state-machine.ts';
import { followStream } from './streams.ts';

export interface ServiceOptions {
  readonly plan: Plan;
  /** Path of each function's bundle, by folder. */
  readonly bundles: Readonly<Record<string, string>>;
  /** Where DynamoDB is. */
  readonly database: string;
  /** Variables of the functions beside those of the plan: where the PG and the receiving systems are. */
  readonly environment: Readonly<Record<string, string>>;
  /** Environments of a function at a time. */
  readonly environments: (folder: string) => number;
  readonly watch?: Watch;
  /** Hears of what costs something and is no invocation: an event, a message, a state. */
  readonly count?: (what: 'events' | 'queueRequests' | 'states', name: string) => void;
}

/** Where the functions find AWS. */
const variables = (
  { environment }: PlannedFunction,
  { database, environment: extra }: ServiceOptions,
  aws: string,
): Readonly<Record<string, string>> => {
  const { credentials } = localClient(aws);

  return {
    ...environment,
    ...extra,
    ...Object.fromEntries(
      Object.entries(environment)
        .filter(([name]) => name.endsWith('QUEUE_URL'))
        .map(([name, queue]) => [name, `${aws}/queues/${encodeURIComponent(queue)}`]),
    ),
    AWS_ENDPOINT_URL: aws,
    AWS_ENDPOINT_URL_DYNAMODB: database,
    AWS_REGION: localAccount.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
};

export const functionsOf = (options: ServiceOptions, aws = options.database) => {
  const { plan, bundles, environments, watch } = options;
  const pools = new Map<string, FunctionPool>();

  const poolOf = (folder: string): FunctionPool => {
    const known = pools.get(folder);
    if (known) return known;
    const planned = plan.functions.find((one) => one.folder === folder);
    const bundle = bundles[folder];
    if (!planned || !bundle) throw new Error(`There is no function ${folder}.`);
    const { timeoutMs } = planned;
    const home = { folder, bundle, timeoutMs, environment: variables(planned, options, aws) };
    const pool = functionPool(home, environments(folder), watch);
    pools.set(folder, pool);

    return pool;
  };

  return {
    invoke: (folder: string, event: unknown) => poolOf(folder).invoke(event),
    warm: (folder: string) => poolOf(folder).warm(),
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
};

/** The service behind its API: streams are relayed, events reach queues and state machines, queues feed their functions. */
export const startService = async (options: ServiceOptions) => {
  const { plan, database, count = () => {}, environments } = options;
  const queues = new Map<string, LocalQueue>();
  const machines = new Set<Promise<void>>();
  const lost: string[] = [];

  const queueAt = (url: unknown) => decodeURIComponent(`${url}`.split('/').at(-1) ?? '');

  const start = (name: string, input: object) => {
    const definition = JSON.parse(plan.stateMachines[name] ?? 'null');
    const run = runMachine(definition, input, {
      invoke: (folder, given) => functions.invoke(folder, given),
      entered: (state) => count('states', state),
    }).finally(() => machines.delete(run));
    machines.add(run);
    run.catch((error) => lost.push(`${name}: ${error}`));
  };

  const publish = (entry: Readonly<Record<string, string>>) => {
    const event = {
      source: entry.Source,
      'detail-type': entry.DetailType,
      detail: JSON.parse(entry.Detail ?? '{}'),
    };
    count('events', `${entry.DetailType}`);
    for (const { targets } of plan.rules.filter(({ pattern }) => matches(pattern, event))) {
      for (const target of targets) {
        const queue = queues.get(target);
        if (queue) {
          count('queueRequests', 'send');
          queue.send(JSON.stringify(event));
        } else if (target in plan.stateMachines) {
          start(target, { paymentId: event.detail.data.paymentId });
        } else throw new Error(`There is no target ${target}.`);
      }
    }

    return { EventId: 'local' };
  };

  const aws = await openAws({
    'AWSEvents.PutEvents': ({ Entries }) => ({
      FailedEntryCount: 0,
      Entries: (Entries as Record<string, string>[]).map(publish),
    }),
    'AmazonSQS.SendMessage': ({ QueueUrl, MessageBody, DelaySeconds = 0 }) => {
      count('queueRequests', 'send');
      const queue = queues.get(queueAt(QueueUrl));
      if (queue) queue.send(`${MessageBody}`, Number(DelaySeconds) * 1_000);
      else lost.push(`${queueAt(QueueUrl)}: ${MessageBody}`);

      return { MessageId: 'local' };
    },
    'AmazonSQS.ChangeMessageVisibility': ({ QueueUrl, ReceiptHandle, VisibilityTimeout }) => {
      count('queueRequests', 'changeVisibility');
      queues
        .get(queueAt(QueueUrl))
        ?.changeVisibility(`${ReceiptHandle}`, Number(VisibilityTimeout) * 1_000);

      return {};
    },
    'secretsmanager.GetSecretValue': () => ({ SecretString: 'bG9jYWwtc2lnbmluZy1zZWNyZXQ=' }),
  });
  const functions = functionsOf(options, aws.url);

  for (const { folder, queue, batchSize, maxConcurrency } of plan.consumers) {
    const { timeoutMs = 0 } = plan.functions.find((one) => one.folder === folder) ?? {};
    queues.set(
      queue,
      localQueue({
        batchSize,
        concurrency: Math.min(environments(folder), maxConcurrency ?? Number.POSITIVE_INFINITY),
        visibilityMs: 6 * timeoutMs,
        maxReceiveCount: 5,
        consume: (batch: SQSEvent) => {
          // One that received them all, one that deletes those that are done.
          count('queueRequests', 'receive');
          count('queueRequests', 'delete');

          return functions.invoke(folder, batch);
        },
      }),
    );
  }
  const readers = await Promise.all(
    plan.streams.map(({ table, folder, batchSize }) =>
      followStream({
        endpoint: database,
        table,
        batchSize,
        idleMs: 20,
        consume: (Records) => functions.invoke(folder, { Records }),
      }),
    ),
  );

  return {
    invoke: functions.invoke,
    /** Messages and compensations that are under way. */
    get underWay() {
      return [...queues.values()].reduce((sum, { depth }) => sum + depth, machines.size);
    },
    /** What ended where nobody looks after it: none of it may be. */
    get lost(): readonly string[] {
      const dead = [...queues].filter(([, { deadLetters }]) => deadLetters > 0);

      return [...lost, ...dead.map(([name, { deadLetters }]) => `${name}: ${deadLetters} dead`)];
    },
    close: async () => {
      await Promise.all(readers.map((reader) => reader.stop()));
      await functions.close();
      await aws.close();
    },
  };
};

export type Service = Awaited<ReturnType<typeof startService>>;
