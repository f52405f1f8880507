import { setTimeout as pause } from 'node:timers/promises';
import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';

type Output = Readonly<Record<string, unknown>>;

/**
 * DynamoDB's streams, over their JSON protocol. A database on this machine looks at the form of the credentials and not at the signature.
 */
const createStreamsClient =
  (endpoint: string) =>
  async (operation: string, input: object): Promise<Output> => {
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDBStreams_20120810.${operation}`,
        'x-amz-date': new Date().toISOString().replaceAll(/[-:]|\.\d+/g, ''),
        authorization:
          'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      },
      body: JSON.stringify(input),
    });
    const output = (await answer.json()) as Output;
    if (!answer.ok)
      throw new Error(`${operation} answered ${answer.status}: ${JSON.stringify(output)}`);

    return output;
  };

export interface StreamReader {
  /** Resolves when all that was in the stream at the time of asking has been given on. */
  caughtUp(): Promise<void>;
  /** Takes no more records; resolves when those at work are done. */
  stop(): Promise<void>;
}

interface StreamOptions {
  readonly endpoint: string;
  readonly table: string;
  readonly batchSize: number;
  /** How long an empty read is followed by none. */
  readonly idleMs: number;
  readonly consume: (records: readonly DynamoDBRecord[]) => Promise<unknown>;
}

/** Reads what comes into a table's stream from now on and gives it on in order, a batch at a time, as an event source mapping does. */
export const followStream = async (options: StreamOptions): Promise<StreamReader> => {
  const call = createStreamsClient(options.endpoint);
  const { Streams } = await call('ListStreams', { TableName: options.table });
  const [stream] = Streams as { StreamArn: string }[];
  if (stream === undefined) throw new Error(`${options.table} has no stream.`);
  const { StreamArn } = stream;
  let isStopped = false;
  let waiting: (() => void)[] = [];

  /** Until all of them are done: one that fails comes again with all behind it. */
  const relay = async (records: readonly DynamoDBRecord[]): Promise<void> => {
    const unprocessed = unprocessedRecords(
      records,
      await options.consume(records).catch(() => undefined),
    );
    if (unprocessed.length === 0 || isStopped) return;
    await pause(options.idleMs);
    await relay(unprocessed);
  };

  const { ShardId } = await firstShard(call, StreamArn);
  let { ShardIterator } = await call('GetShardIterator', {
    StreamArn,
    ShardId,
    ShardIteratorType: 'LATEST',
  });
  const follow = async () => {
    while (!isStopped && ShardIterator !== undefined) {
      const present = waiting;
      waiting = [];
      const read = await call('GetRecords', { ShardIterator, Limit: options.batchSize });
      const records = (read.Records as DynamoDBRecord[]).filter(
        ({ eventName }) => eventName !== 'REMOVE',
      );
      ShardIterator = read.NextShardIterator;
      if (records.length > 0) waiting.push(...present);
      else for (const resolve of present) resolve();
      if (records.length === 0) await pause(options.idleMs);
      else
        await relay(
          records.map((record) => ({
            ...record,
            // On AWS no two records have the same id; here two tables may.
            eventID: `${options.table}-${record.eventID}`,
            eventSourceARN: StreamArn,
          })),
        );
    }
  };
  const following = follow();

  return {
    caughtUp: () => new Promise((resolve) => waiting.push(resolve)),
    stop: () => {
      isStopped = true;

      return following;
    },
  };
};

const firstShard = async (call: ReturnType<typeof createStreamsClient>, StreamArn: string) => {
  for (;;) {
    const { StreamDescription } = await call('DescribeStream', { StreamArn });
    const [shard] = (StreamDescription as { Shards: { ShardId: string }[] }).Shards;
    if (shard) return shard;
    await pause(20);
  }
};

/** From the first record that is reported as failed; all of them where the function itself failed. */
const unprocessedRecords = (
  records: readonly DynamoDBRecord[],
  response: unknown,
): readonly DynamoDBRecord[] => {
  if (response === undefined) return records;
  const { batchItemFailures = [] } = response as Partial<DynamoDBBatchResponse>;
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const first = records.findIndex(({ dynamodb }) => failed.has(dynamodb?.SequenceNumber ?? ''));

  return first < 0 ? [] : records.slice(first);
};
