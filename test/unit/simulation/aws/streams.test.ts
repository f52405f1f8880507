import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import type { InvocationResult } from '../../../simulation/aws/lambda.ts';
import { Streams } from '../../../simulation/aws/streams.ts';
import type { DeployedStream } from '../../../support/cdk/deployment/event-sources.ts';
import { createWorld } from './world.ts';

const stream: DeployedStream = {
  folder: 'relay',
  table: 'Orders',
  batchSize: 100,
  windowMs: 0,
  reportsBatchItemFailures: true,
  filters: [],
  startingPosition: 'TRIM_HORIZON',
  parallelizationFactor: 1,
  bisectBatchOnFunctionError: false,
  onFailureQueue: 'Failures',
};

type Invoke = (records: readonly DynamoDBRecord[]) => InvocationResult;

const returned = (value: unknown): InvocationResult => ({ kind: 'returned', value });
const failed: InvocationResult = { kind: 'failed', errorName: 'Error', message: '' };

const versionOf = ({ dynamodb }: DynamoDBRecord) => Number(dynamodb?.NewImage?.version?.N);

const createStream = (
  settings: Partial<DeployedStream> = {},
  invoke: Invoke = () => returned(null),
) => {
  const world = createWorld();
  const { time } = world;
  const startedAt = time.now;
  const batches: DynamoDBRecord[][] = [];
  const failures: Record<string, unknown>[] = [];
  const key = [{ AttributeName: 'id', KeyType: 'HASH' as const }];
  const streams = new Streams({
    ...world,
    streams: [{ ...stream, ...settings }],
    tables: [{ TableName: 'Orders', KeySchema: key, AttributeDefinitions: [] }],
    invoke: async (_folder, { Records }) => {
      batches.push([...Records]);
      await time.sleep(50);

      return invoke(Records);
    },
    sendToQueue: (queue, body) => failures.push({ queue, ...JSON.parse(body) }),
  });
  let sequence = 0;
  const write = (id: string, from: number | undefined, to: number | undefined) => {
    sequence += 1;
    streams.add({
      table: 'Orders',
      before: from === undefined ? undefined : { id, version: from },
      after: to === undefined ? undefined : { id, version: to },
      sequence,
      at: time.now,
      by: 'shop',
    });
  };
  const run = (ms: number) => time.runUntil(startedAt + ms);
  const versions = () => batches.map((records) => records.map(versionOf));

  return { streams, batches, versions, failures, write, run };
};

const day = 86_400_000;

describe('a stream of the simulation', () => {
  it('gives the images and keys of each write', async () => {
    const { streams, batches, write, run } = createStream();

    write('order-1', undefined, 1);
    write('order-1', 1, 2);
    write('order-1', 2, undefined);
    await run(day);

    const image = (version: string) => ({ id: { S: 'order-1' }, version: { N: version } });
    const Keys = { id: { S: 'order-1' } };
    expect(batches.flat()).toMatchObject([
      { eventName: 'INSERT', dynamodb: { Keys, NewImage: image('1') } },
      { eventName: 'MODIFY', dynamodb: { Keys, OldImage: image('1'), NewImage: image('2') } },
      { eventName: 'REMOVE', dynamodb: { Keys, OldImage: image('2') } },
    ]);
    expect(batches.flat()[0]?.dynamodb).not.toHaveProperty('OldImage');
    expect(streams.isIdle).toBe(true);
  });

  it('skips the records that no filter of the mapping matches', async () => {
    const { streams, batches, write, run } = createStream({
      filters: [{ eventName: ['INSERT', 'MODIFY'] }],
    });

    write('order-1', undefined, 1);
    write('order-1', 1, undefined);
    await run(day);

    expect(batches.flat().map(({ eventName }) => eventName)).toEqual(['INSERT']);
    expect(streams.isIdle).toBe(true);
  });

  it('keeps the order of the writes of an item while batches fail', async () => {
    let failures = 0;
    const seen: number[] = [];
    const { write, run } = createStream({ parallelizationFactor: 4 }, (records) => {
      failures += 1;
      if (failures % 3 !== 0) return failed;
      seen.push(...records.map(versionOf));

      return returned(null);
    });

    for (let version = 1; version <= 30; version += 1) write('order-1', version - 1, version);
    await run(day);

    expect(seen).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  });

  it('tries again from the first reported record', async () => {
    let hasFailed = false;
    const { versions, write, run } = createStream({ batchSize: 1_000 }, (records) => {
      const second = records.find((record) => versionOf(record) === 2);
      if (hasFailed || second === undefined) return returned(null);
      hasFailed = true;

      return returned({
        batchItemFailures: [{ itemIdentifier: second.dynamodb?.SequenceNumber }],
      });
    });

    for (let version = 1; version <= 3; version += 1) write('order-1', version - 1, version);
    await run(day);

    const seen = versions().flat();
    expect(seen.filter((version) => version === 1)).toHaveLength(1);
    expect(seen.filter((version) => version === 2)).toHaveLength(2);
  });

  it.each([[null], [''], ['unknown']])('tries all records again for a report of %j', async (id) => {
    const { versions, write, run } = createStream({ maximumRetryAttempts: 1 }, () =>
      returned({ batchItemFailures: [{ itemIdentifier: id }] }),
    );

    write('order-1', undefined, 1);
    await run(day);

    expect(versions()).toEqual([[1], [1]]);
  });

  it('bisects a batch that fails', async () => {
    const isBad = (record: DynamoDBRecord) => versionOf(record) === 3;
    const { versions, failures, write, run } = createStream(
      { bisectBatchOnFunctionError: true, maximumRetryAttempts: 10 },
      (records) => (records.some(isBad) ? failed : returned(null)),
    );

    for (let version = 1; version <= 8; version += 1) write('order-1', version - 1, version);
    await run(day);

    expect(versions().at(-1)).not.toContain(3);
    expect(new Set(versions().flat())).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8]));
    expect(failures).toMatchObject([{ DDBStreamBatchInfo: { batchSize: 1 } }]);
  });

  it('describes a batch in the failure queue after its last attempt', async () => {
    const { batches, failures, write, run } = createStream(
      { maximumRetryAttempts: 2 },
      () => failed,
    );

    write('order-1', undefined, 1);
    await run(day);

    const position = batches[0]?.[0]?.dynamodb?.SequenceNumber;
    expect(batches).toHaveLength(3);
    expect(failures).toMatchObject([
      {
        queue: 'Failures',
        requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 3 },
        DDBStreamBatchInfo: {
          startSequenceNumber: position,
          endSequenceNumber: position,
          approximateArrivalOfFirstRecord: '2026-03-14T12:00:00Z',
          batchSize: 1,
        },
      },
    ]);
  });

  it('returns the records of a batch that was given up by their numbers, for a day', async () => {
    const { streams, failures, write, run } = createStream(
      { maximumRetryAttempts: 0 },
      () => failed,
    );

    for (let version = 1; version <= 3; version += 1) write('order-1', version - 1, version);
    await run(3_600_000);

    const [{ DDBStreamBatchInfo: batch }] = failures as [
      { DDBStreamBatchInfo: Record<string, string> },
    ];
    const read = () => {
      const { ShardIterator } = streams.log.execute('GetShardIterator', {
        StreamArn: batch.streamArn,
        ShardId: batch.shardId,
        ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
        SequenceNumber: batch.startSequenceNumber,
      }) as { ShardIterator: string };

      return streams.log.execute('GetRecords', { ShardIterator });
    };
    expect(read()).toMatchObject({ Records: [{}, {}] });
    await run(2 * day);
    expect(read).toThrow('TrimmedDataAccessException');
  });

  it('gives up records that are too old', async () => {
    const { batches, failures, write, run } = createStream(
      { maximumRecordAgeMs: 60_000 },
      () => failed,
    );

    write('order-1', undefined, 1);
    await run(day);

    expect(batches.length).toBeGreaterThan(10);
    expect(failures).toMatchObject([{ requestContext: { condition: 'MaximumRecordAgeExceeded' } }]);
  });
});
