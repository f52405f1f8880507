import type { DynamoDBRecord } from 'aws-lambda';
import { awsError } from '../virtual/network.ts';

/** A stream keeps its records for a day. */
export const retentionMs = 86_400_000;

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html */
const maxPageRecords = 1_000;

interface KeptRecord {
  readonly shard: string;
  readonly record: DynamoDBRecord;
  readonly writtenAt: number;
}

type Input = Readonly<Record<string, unknown>>;

const sequenceNumberOf = ({ record }: KeptRecord): bigint =>
  BigInt(record.dynamodb?.SequenceNumber ?? '0');

/** The records of the streams as GetShardIterator and GetRecords return them, for a day. */
export class StreamLog {
  readonly #now: () => number;
  readonly #streams = new Map<string, KeptRecord[]>();

  constructor(now: () => number) {
    this.#now = now;
  }

  add(shard: string, record: DynamoDBRecord, writtenAt: number): void {
    const stream = record.eventSourceARN ?? '';
    const kept = this.#streams.get(stream);
    if (kept) kept.push({ shard, record, writtenAt });
    else this.#streams.set(stream, [{ shard, record, writtenAt }]);
  }

  /** Executes a command by its name without "Command". An iterator is stream, shard and next sequence number. */
  execute(operation: string, input: Input): object {
    if (operation === 'GetShardIterator') return { ShardIterator: this.#iteratorOf(input) };
    if (operation === 'GetRecords') return this.#read(`${input.ShardIterator}`);
    throw new Error(`${operation} of a stream is not simulated.`);
  }

  #iteratorOf({ StreamArn, ShardId, ShardIteratorType, SequenceNumber }: Input): string {
    const from = BigInt(`${SequenceNumber}`);
    const kept = this.#streams.get(`${StreamArn}`)?.filter(({ shard }) => shard === ShardId) ?? [];
    const found = kept.find((one) => sequenceNumberOf(one) === from);
    if (kept.length === 0) throw awsError('ResourceNotFoundException');
    if (found === undefined || this.#isTrimmed(found)) throw awsError('TrimmedDataAccessException');

    return [StreamArn, ShardId, ShardIteratorType === 'AT_SEQUENCE_NUMBER' ? from : from + 1n].join(
      ' ',
    );
  }

  #read(iterator: string): object {
    const [stream = '', shardId = '', next = '0'] = iterator.split(' ');
    const Records = (this.#streams.get(stream) ?? [])
      .filter((one) => one.shard === shardId && !this.#isTrimmed(one))
      .filter((one) => sequenceNumberOf(one) >= BigInt(next))
      .slice(0, maxPageRecords);
    const last = Records.at(-1);
    const following = last === undefined ? next : sequenceNumberOf(last) + 1n;

    return {
      Records: Records.map(({ record }) => record),
      NextShardIterator: [stream, shardId, following].join(' '),
    };
  }

  #isTrimmed({ writtenAt }: KeptRecord): boolean {
    return writtenAt < this.#now() - retentionMs;
  }
}
