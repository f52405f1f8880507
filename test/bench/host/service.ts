import { createHash } from 'node:crypto';
import type { SQSEvent } from 'aws-lambda';
import { startAwsEndpoint } from './aws-endpoint.ts';
import { matchesPattern } from './event-pattern.ts';
import { createFunctions, type FunctionsOptions } from './functions.ts';
import { createLocalQueue, type LocalQueue } from './local-queue.ts';
import { runMachine } from './state-machine.ts';
import { followStream } from './streams.ts';

/** The SDK compares it with what it has sent. */
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

export interface ServiceOptions extends FunctionsOptions {
  /** Hears of what costs something and is no invocation: an event, a message, a state. */
  readonly count?: (what: 'events' | 'queueRequests' | 'states', name: string) => void;
}

/** The service behind its API: streams are relayed, events reach queues and state machines, queues feed their functions. */
export const startService = async (options: ServiceOptions) => {
  const { plan, database, count = () => {}, environments } = options;
  const queues = new Map<string, LocalQueue>();
  const machines = new Set<Promise<void>>();
  const failures: string[] = [];
  let recordCount = 0;

  const queueAt = (url: unknown) => decodeURIComponent(`${url}`.split('/').at(-1) ?? '');

  const start = (name: string, input: object) => {
    const definition = JSON.parse(plan.stateMachines[name] ?? 'null');
    const run = runMachine(definition, input, {
      invoke: (folder, given) => functions.invoke(folder, given),
      entered: (state) => count('states', state),
    }).finally(() => machines.delete(run));
    machines.add(run);
    run.catch((error) => failures.push(`${name}: ${error}`));
  };

  const publish = (entry: Readonly<Record<string, string>>) => {
    const event = {
      source: entry.Source,
      'detail-type': entry.DetailType,
      detail: JSON.parse(entry.Detail ?? '{}'),
    };
    count('events', `${entry.DetailType}`);
    for (const { targets } of plan.rules.filter(({ pattern }) => matchesPattern(pattern, event))) {
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

  const aws = await startAwsEndpoint({
    'AWSEvents.PutEvents': ({ Entries }) => ({
      FailedEntryCount: 0,
      Entries: (Entries as Record<string, string>[]).map(publish),
    }),
    'AmazonSQS.SendMessage': ({ QueueUrl, MessageBody, DelaySeconds = 0 }) => {
      count('queueRequests', 'send');
      const queue = queues.get(queueAt(QueueUrl));
      if (queue) queue.send(`${MessageBody}`, Number(DelaySeconds) * 1_000);
      else failures.push(`${queueAt(QueueUrl)}: ${MessageBody}`);

      return { MessageId: 'local', MD5OfMessageBody: md5(`${MessageBody}`) };
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
  const functions = createFunctions(options, aws.url);

  for (const { folder, queue, batchSize, windowMs, maxConcurrency } of plan.consumers) {
    const { timeoutMs = 0 } = plan.functions.find((one) => one.folder === folder) ?? {};
    queues.set(
      queue,
      createLocalQueue({
        batchSize,
        windowMs,
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
        consume: (Records) => {
          recordCount += 1;

          return functions.invoke(folder, { Records });
        },
      }),
    ),
  );

  const countInProgress = () =>
    [...queues.values()].reduce((sum, { depth }) => sum + depth, machines.size);

  return {
    invoke: functions.invoke,
    /** Messages and compensations that are under way. */
    underWay: countInProgress,
    /** Resolves when everything that follows from what was written until now has happened. */
    async settled() {
      for (let isQuiet = false; !isQuiet; ) {
        // Looked at before and after: what is under way may write, and what is read may start more.
        const wasUnderWay = countInProgress();
        const seen = recordCount;
        await Promise.all(readers.map((reader) => reader.caughtUp()));
        isQuiet = wasUnderWay + countInProgress() === 0 && seen === recordCount;
      }
    },
    /** What ended where nobody looks after it: none of it may be. */
    get lost(): readonly string[] {
      const dead = [...queues].filter(([, { deadLetters }]) => deadLetters > 0);

      return [
        ...failures,
        ...dead.map(([name, { deadLetters }]) => `${name}: ${deadLetters} dead`),
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
