import { createHash } from 'node:crypto';
import type { SQSEvent } from 'aws-lambda';
import { executeStateMachine } from '../../simulation/aws/step-functions.ts';
import { matchesPattern } from '../../support/cdk/deployment/event-pattern.ts';
import { targetInput } from '../../support/cdk/deployment/target-input.ts';
import { startAwsEndpoint } from './aws-endpoint.ts';
import { createFunctions, type FunctionsOptions } from './functions.ts';
import { createLocalQueue, type LocalQueue } from './local-queue.ts';
import { createRemoteQueues, type Delivery, deliverMessages } from './remote-queues.ts';
import { followStream } from './streams.ts';

/** The SDK compares it with the sent body. */
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

export interface ServiceOptions extends FunctionsOptions {
  /** Whether this process runs a consumer, and the relay; all of them by default. */
  readonly runs?: (folder: string) => boolean;
  /** The URL of the process that runs the other consumers. */
  readonly otherConsumers?: string;
  /** The time in which a batch of a stream fills; a record does not wait by default. */
  readonly streamWindowMs?: number;
  /** Called for each cost that is not an invocation: an event, a queue request, a state. */
  readonly count?: (what: 'events' | 'queueRequests' | 'states', name: string) => void;
}

/**
 * The service behind its API: relays streams, routes events to queues and state machines, feeds functions
 * from queues.
 */
export const startService = async (options: ServiceOptions) => {
  const {
    deployment,
    database,
    count = () => {},
    environments,
    runs = () => true,
    streamWindowMs,
  } = options;
  const queues = new Map<string, LocalQueue>();
  const machines = new Set<Promise<unknown>>();
  const failures: string[] = [];
  const remote =
    options.otherConsumers === undefined
      ? undefined
      : createRemoteQueues(options.otherConsumers, (reason) => failures.push(reason));
  const remoteQueues = new Set(
    deployment.consumers.flatMap(({ folder, queue }) => (runs(folder) ? [] : queue)),
  );
  let recordCount = 0;

  const queueAt = (url: unknown) => decodeURIComponent(`${url}`.split('/').at(-1) ?? '');

  const start = (name: string, input: unknown) => {
    const definition = deployment.stateMachines[name];
    if (definition === undefined) throw new Error(`State machine ${name} does not exist.`);
    const run = executeStateMachine(definition, input, {
      runTask: functions.invoke,
      after: (ms, next) => {
        const timer = setTimeout(next, ms);

        return () => clearTimeout(timer);
      },
      random: Math.random,
      onState: (state) => count('states', state),
    }).finally(() => machines.delete(run));
    machines.add(run);
    run.catch((error) => failures.push(`${name}: ${error}`));
  };

  const send = (name: string, body: string, delayMs?: number): void => {
    const queue = queues.get(name);
    if (queue) queue.send(body, delayMs);
    else if (remote && remoteQueues.has(name)) remote.send(name, body);
    else failures.push(`${name}: ${body}`);
  };

  const publish = (entry: Readonly<Record<string, string>>) => {
    const event = {
      source: entry.Source,
      'detail-type': entry.DetailType,
      detail: JSON.parse(entry.Detail ?? '{}'),
    };
    count('events', `${entry.DetailType}`);
    for (const { targets } of deployment.rules.filter(({ pattern }) =>
      matchesPattern(pattern, event),
    )) {
      for (const target of targets) {
        const input = targetInput(target, event);
        if (target.kind === 'queue') {
          count('queueRequests', 'send');
          send(target.name, JSON.stringify(input));
        } else start(target.name, input);
      }
    }

    return { EventId: 'local' };
  };

  const aws = await startAwsEndpoint({
    'AWSEvents.PutEvents': ({ Entries }) => ({
      FailedEntryCount: 0,
      Entries: (Entries as Record<string, string>[]).map(publish),
    }),
    'AmazonSQS.SendMessage': ({ QueueUrl, MessageBody, DelaySeconds = 0 }) => {
      count('queueRequests', 'send');
      send(queueAt(QueueUrl), `${MessageBody}`, Number(DelaySeconds) * 1_000);

      return { MessageId: 'local', MD5OfMessageBody: md5(`${MessageBody}`) };
    },
    'AmazonSQS.ChangeMessageVisibility': ({ QueueUrl, ReceiptHandle, VisibilityTimeout }) => {
      count('queueRequests', 'changeVisibility');
      queues
        .get(queueAt(QueueUrl))
        ?.changeVisibility(`${ReceiptHandle}`, Number(VisibilityTimeout) * 1_000);

      return {};
    },
    [deliverMessages]: (delivery) => {
      for (const { queue, body } of (delivery as unknown as Delivery).messages) send(queue, body);

      return {};
    },
    'secretsmanager.GetSecretValue': () => ({ SecretString: 'bG9jYWwtc2lnbmluZy1zZWNyZXQ=' }),
  });
  const functions = createFunctions(options, aws.url);

  for (const consumer of deployment.consumers.filter(({ folder }) => runs(folder))) {
    const { folder, queue, batchSize, windowMs, maxConcurrency } = consumer;
    const { visibilityTimeoutMs = 0, redrive } =
      deployment.queues.find(({ name }) => name === queue) ?? {};
    queues.set(
      queue,
      createLocalQueue({
        batchSize,
        windowMs,
        concurrency: Math.min(environments(folder), maxConcurrency ?? Number.POSITIVE_INFINITY),
        visibilityMs: visibilityTimeoutMs,
        maxReceiveCount: redrive?.maxReceiveCount ?? Number.POSITIVE_INFINITY,
        consume: (batch: SQSEvent) => {
          // One request receives the batch, one deletes the processed messages.
          count('queueRequests', 'receive');
          count('queueRequests', 'delete');

          return functions.invoke(folder, batch);
        },
      }),
    );
  }
  const readers = await Promise.all(
    deployment.streams
      .filter(({ folder }) => runs(folder))
      .map(({ table, folder, batchSize }) =>
        followStream({
          endpoint: database,
          table,
          batchSize,
          idleMs: 20,
          ...(streamWindowMs !== undefined && { windowMs: streamWindowMs }),
          consume: (Records) => {
            recordCount += 1;

            return functions.invoke(folder, { Records });
          },
        }),
      ),
  );

  const countInProgress = () =>
    [...queues.values()].reduce(
      (sum, { depth }) => sum + depth,
      machines.size + (remote?.depth ?? 0),
    );

  return {
    invoke: functions.invoke,
    warm: functions.warm,
    /** The AWS endpoint of its functions, which also takes messages of another process. */
    url: aws.url,
    /** The number of messages and compensations in progress. */
    inProgress: countInProgress,
    /** Resolves when everything that follows from the writes so far has been processed. */
    async settled() {
      // Twice in a row: a message may be sent, processed and deleted while the readers catch up one after another.
      for (let quietPasses = 0; quietPasses < 2; ) {
        // Checked before and after: work in progress may write, and records may start more work.
        const wasInProgress = countInProgress();
        const seen = recordCount;
        await Promise.all(readers.map((reader) => reader.caughtUp()));
        const isQuiet = wasInProgress + countInProgress() === 0 && seen === recordCount;
        quietPasses = isQuiet ? quietPasses + 1 : 0;
      }
    },
    /** Failures and dead-lettered messages; the list must be empty. */
    get lost(): readonly string[] {
      const dead = [...queues].filter(([, { deadLetters }]) => deadLetters > 0);

      return [
        ...failures,
        ...dead.map(([name, { deadLetters }]) => `${name}: ${deadLetters} dead-lettered`),
      ];
    },
    close: async () => {
      await Promise.all(readers.map((reader) => reader.stop()));
      await functions.close();
      await aws.close();
    },
  };
};

export type Service = Awaited<ReturnType<typeof startService>>;
