import type { SQSRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import type { InvocationResult } from '../../../simulation/aws/lambda.ts';
import { Sqs } from '../../../simulation/aws/sqs.ts';
import type { DeployedConsumer } from '../../../support/cdk/deployment/event-sources.ts';
import { createWorld } from './world.ts';

const minute = 60_000;

const consumer: DeployedConsumer = {
  folder: 'charge',
  queue: 'Work',
  batchSize: 10,
  windowMs: 0,
  reportsBatchItemFailures: true,
  filters: [],
};

const returned = (value: unknown): InvocationResult => ({ kind: 'returned', value });
const succeeded = returned({ batchItemFailures: [] });

interface Options {
  readonly settings?: Partial<DeployedConsumer>;
  readonly invoke?: (records: readonly SQSRecord[]) => InvocationResult;
  /** How long an invocation takes. */
  readonly takesMs?: number;
}

const createQueues = ({ settings, invoke = () => succeeded, takesMs = 100 }: Options = {}) => {
  const world = createWorld();
  const { time } = world;
  const startedAt = time.now;
  const batches: { readonly at: number; readonly records: readonly SQSRecord[] }[] = [];
  const concurrent = { now: 0, most: 0 };
  const queue = { visibilityTimeoutMs: minute, retentionMs: 86_400_000, delayMs: 0 };
  const redrive = { deadLetterQueue: 'Dead', maxReceiveCount: 3 };
  const sqs = new Sqs({
    ...world,
    queues: [
      { ...queue, name: 'Work', redrive },
      { ...queue, name: 'Dead' },
      { ...queue, name: 'Later', delayMs: 5_000 },
    ],
    consumers: [{ ...consumer, ...settings }],
    invoke: async (_folder, { Records }) => {
      batches.push({ at: time.now - startedAt, records: Records });
      concurrent.now += 1;
      concurrent.most = Math.max(concurrent.most, concurrent.now);
      await time.sleep(takesMs);
      concurrent.now -= 1;

      return invoke(Records);
    },
  });
  const run = (ms: number) => time.runUntil(startedAt + ms);
  const bodies = () => batches.map(({ records }) => records.map(({ body }) => body));
  const receive = (queueUrl: string, count = 10) => {
    const request = { QueueUrl: queueUrl, MaxNumberOfMessages: count };

    return (sqs.execute('ReceiveMessage', request) as { Messages?: { ReceiptHandle: string }[] })
      .Messages;
  };

  return { sqs, batches, bodies, concurrent, run, receive };
};

const invalid = expect.objectContaining({ name: 'InvalidParameterValue' });

describe('a queue of the simulation', () => {
  it('hides a message for its delay, and a received one for its visibility timeout', async () => {
    const { sqs, run, receive } = createQueues();

    sqs.execute('SendMessage', { QueueUrl: 'Dead', MessageBody: 'one', DelaySeconds: 900 });
    expect(receive('Dead')).toBeUndefined();
    await run(900_000);
    expect(receive('Dead')).toHaveLength(1);
    expect(receive('Dead')).toBeUndefined();
    await run(900_000 + minute);
    expect(receive('Dead')).toHaveLength(1);
  });

  it('delays a message by the setting of its queue', async () => {
    const { sqs, run, receive } = createQueues();

    sqs.execute('SendMessage', { QueueUrl: 'Later', MessageBody: 'one' });
    await run(4_999);
    expect(receive('Later')).toBeUndefined();
    await run(5_000);
    expect(receive('Later')).toHaveLength(1);
  });

  it.each([
    ['a delay above 15 minutes', { DelaySeconds: 901 }],
    ['an empty message', { MessageBody: '' }],
    ['a message above 1 MiB', { MessageBody: 'é'.repeat(524_289) }],
    [
      'eleven attributes',
      {
        MessageAttributes: Object.fromEntries(
          Array.from({ length: 11 }, (_, index) => [`name-${index}`, { StringValue: 'x' }]),
        ),
      },
    ],
  ])('rejects %s', (_what, input) => {
    const { sqs } = createQueues();
    const message = { QueueUrl: 'Work', MessageBody: 'one', ...input };

    expect(() => sqs.execute('SendMessage', message)).toThrow(invalid);
  });

  it('accepts a message of 1 MiB', () => {
    const { sqs } = createQueues();
    const message = { QueueUrl: 'Work', MessageBody: 'x'.repeat(1_048_576) };

    expect(sqs.execute('SendMessage', message)).toEqual({ MessageId: expect.any(String) });
  });

  it('rejects a receive of eleven messages', () => {
    const { receive } = createQueues();

    expect(() => receive('Dead', 11)).toThrow(invalid);
  });

  it('changes the visibility only of a message in flight', async () => {
    const { sqs, run, receive } = createQueues();
    sqs.execute('SendMessage', { QueueUrl: 'Dead', MessageBody: 'one' });
    const [message] = receive('Dead') ?? [];
    const change = {
      QueueUrl: 'Dead',
      ReceiptHandle: message?.ReceiptHandle,
      VisibilityTimeout: 10,
    };

    sqs.execute('ChangeMessageVisibility', change);
    await run(10_000);

    expect(() => sqs.execute('ChangeMessageVisibility', change)).toThrow('MessageNotInflight');
    expect(receive('Dead')).toHaveLength(1);
  });
});

describe('the poller of a queue of the simulation', () => {
  it('deletes the messages of a batch that succeeded', async () => {
    const { sqs, bodies, run } = createQueues();

    sqs.send('Work', 'one');
    await run(86_400_000);

    expect(bodies()).toEqual([['one']]);
    expect(sqs.isIdle).toBe(true);
  });

  it.each<[string, InvocationResult]>([
    ['throttled', { kind: 'throttled' }],
    ['killed', { kind: 'killed', reason: 'timeout' }],
    ['failed', { kind: 'failed', errorName: 'Error', message: '' }],
  ])('returns the messages of a %s invocation, and then moves them', async (_what, result) => {
    const { sqs, batches, run } = createQueues({ invoke: () => result });

    sqs.send('Work', 'one');
    await run(86_400_000);

    const counts = batches.map(({ records }) => records[0]?.attributes.ApproximateReceiveCount);
    expect(counts).toEqual(['1', '2', '3']);
    expect((batches[1]?.at ?? 0) - (batches[0]?.at ?? 0)).toBeGreaterThanOrEqual(minute);
    expect(sqs.deadLettered).toMatchObject([{ queue: 'Dead', body: 'one' }]);
  });

  it('returns only the messages that the function reports', async () => {
    const isBad = ({ body }: SQSRecord) => body === 'bad';
    const { sqs, run } = createQueues({
      invoke: (records) =>
        returned({
          batchItemFailures: records
            .filter(isBad)
            .map(({ messageId }) => ({ itemIdentifier: messageId })),
        }),
    });

    for (const body of ['good', 'bad', 'good']) sqs.send('Work', body);
    await run(86_400_000);

    expect(sqs.deadLettered.map(({ body }) => body)).toEqual(['bad']);
  });

  it.each([[null], [''], ['unknown']])('returns all messages if it reports %j', async (id) => {
    const { sqs, run } = createQueues({
      invoke: () => returned({ batchItemFailures: [{ itemIdentifier: id }] }),
    });

    sqs.send('Work', 'one');
    await run(86_400_000);

    expect(sqs.deadLettered).toHaveLength(1);
  });

  it.each([[null], [{}], [{ batchItemFailures: null }]])('deletes all for %j', async (answer) => {
    const { sqs, bodies, run } = createQueues({ invoke: () => returned(answer) });

    sqs.send('Work', 'one');
    await run(86_400_000);

    expect(bodies()).toEqual([['one']]);
  });

  it('delivers again what an invocation longer than the visibility timeout still has', async () => {
    const { sqs, bodies, run } = createQueues({ takesMs: minute + 10_000 });

    sqs.send('Work', 'one');
    await run(minute + 5_000);

    expect(bodies()).toEqual([['one'], ['one']]);
  });

  it('invokes at most as many at a time as the mapping allows', async () => {
    const settings = { maxConcurrency: 2, batchSize: 1 };
    const { sqs, concurrent, batches, run } = createQueues({ settings });

    for (let count = 0; count < 20; count += 1) sqs.send('Work', `message ${count}`);
    await run(minute);

    expect(batches).toHaveLength(20);
    expect(concurrent.most).toBe(2);
  });

  it('waits for the batching window', async () => {
    const { sqs, batches, run } = createQueues({ settings: { windowMs: 5_000 } });

    sqs.send('Work', 'one');
    await run(minute);

    expect(batches[0]?.at).toBeGreaterThanOrEqual(5_000);
  });
});
