import { setTimeout as pause } from 'node:timers/promises';
import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';

type Output = Readonly<Record<string, unknown>>;

/**
 * DynamoDB Streams, over their JSON protocol. A local database checks the format of the credentials, not the
 * signature.
 */
const createStreamsClient =
  (endpoint: string) =>
  async (operation: string, input: object): Promise<Output> => {
    const response = await fetch(endpoint, {
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
    const output = (await response.json()) as Output;
    if (!response.ok)
      throw new Error(`${operation} answered ${response.status}: ${JSON.stringify(output)}`);

    return output;
  };

export interface StreamReader {
  /** Resolves when all records that are now in the stream have been delivered. */
  caughtUp(): Promise<void>;
  /** Stops polling; resolves when the current batches are done. */
  stop(): Promise<void>;
}

interface StreamOptions {
  readonly endpoint: string;
  readonly table: string;
  readonly batchSize: number;
  /** The pause after an empty read. */
  readonly idleMs: number;
  /** The pause before each read, in which a batch fills; none by default. */
  readonly windowMs?: number;
  readonly consume: (records: readonly DynamoDBRecord[]) => Promise<unknown>;
}

/** Delivers new records of a table's stream in order, batch by batch, as an event source mapping does. */
export const followStream = async (options: StreamOptions): Promise<StreamReader> => {
  const call = createStreamsClient(options.endpoint);
  const { Streams } = await call('ListStreams', { TableName: options.table });
  const [stream] = Streams as { StreamArn: string }[];
  if (stream === undefined) throw new Error(`Table ${options.table} has no stream.`);
  const { StreamArn } = stream;
  let isStopped = false;
  let waiting: (() => void)[] = [];

  /** Delivers until all records are done: a failed record is retried with all records after it. */
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
      if (options.windowMs) await pause(options.windowMs);
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
            // On AWS record ids are unique; here two tables may share one.
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

/** The records from the first reported failure on; all records if the function failed. */
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
