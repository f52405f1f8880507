import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
  type _Record as StreamRecord,
} from '@aws-sdk/client-dynamodb-streams';
import { streams } from './aws-clients.ts';

/** The position of a record in a stream. */
interface RecordPosition {
  readonly streamArn: string;
  readonly shardId: string;
  readonly sequenceNumber: string;
}

const recordsOf = async (StreamArn: string, ShardId: string): Promise<readonly StreamRecord[]> => {
  const start = new GetShardIteratorCommand({
    StreamArn,
    ShardId,
    ShardIteratorType: 'TRIM_HORIZON',
  });
  let { ShardIterator } = await streams.send(start);
  const found: StreamRecord[] = [];
  while (ShardIterator !== undefined) {
    const page = await streams.send(new GetRecordsCommand({ ShardIterator }));
    if (!page.Records?.length) break;
    found.push(...page.Records);
    ShardIterator = page.NextShardIterator;
  }

  return found;
};

/** Finds the first record of an item in the stream of its table. Throws if there is none. */
export const findStreamRecord = async (TableName: string, id: string): Promise<RecordPosition> => {
  const { Streams = [] } = await streams.send(new ListStreamsCommand({ TableName }));
  for (const { StreamArn = '' } of Streams) {
    const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
    for (const { ShardId = '' } of StreamDescription?.Shards ?? []) {
      const record = (await recordsOf(StreamArn, ShardId)).find(({ dynamodb }) =>
        Object.values(dynamodb?.Keys ?? {}).some(({ S }) => S === id),
      );
      const sequenceNumber = record?.dynamodb?.SequenceNumber;
      if (sequenceNumber) return { streamArn: StreamArn, shardId: ShardId, sequenceNumber };
    }
  }
  throw new Error(`The stream of ${TableName} has no record of ${id}.`);
};
