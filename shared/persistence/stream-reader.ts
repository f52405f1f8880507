import {
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBRecord } from 'aws-lambda';

/** Records of one shard of a table's stream, by their sequence numbers. */
export interface StreamRange {
  readonly streamArn: string;
  readonly shardId: string;
  /** Included. */
  readonly first: string;
  /** Included. */
  readonly last: string;
}

/** A stream does not have the records of a range: it keeps them for 24 hours. */
export class RecordsExpiredError extends Error {
  constructor(range: StreamRange, options?: ErrorOptions) {
    super(`The stream does not have the records from ${range.first} to ${range.last}.`, options);
    this.name = 'RecordsExpiredError';
  }
}

/** The stream, the shard or the records are gone. */
const goneErrors: readonly string[] = ['TrimmedDataAccessException', 'ResourceNotFoundException'];

/** Sequence numbers are decimal and differ in length. */
const isAtOrAfter = (one: string, other: string): boolean => BigInt(one) >= BigInt(other);

/**
 * GetRecords may return empty pages before it reaches a record. A shard that is still written never ends, so this many
 * in a row mean that it has no further record.
 */
const maxEmptyPages = 10;

/**
 * Reads records from streams.
 *
 * `pages` yields the records of a range in order, those after a sequence number if one is given, up to 1,000 or 1 MB
 * at a time; a page may be empty. Throws RecordsExpiredError if the stream does not have them, or no longer.
 */
export const createStreamReader = (streams: Pick<DynamoDBStreamsClient, 'send'>) => {
  const iteratorOf = async ({ streamArn, shardId, first }: StreamRange, after?: string) => {
    const { ShardIterator } = await streams.send(
      new GetShardIteratorCommand({
        StreamArn: streamArn,
        ShardId: shardId,
        ShardIteratorType: after === undefined ? 'AT_SEQUENCE_NUMBER' : 'AFTER_SEQUENCE_NUMBER',
        SequenceNumber: after ?? first,
      }),
    );

    return ShardIterator;
  };

  return {
    async *pages(range: StreamRange, after?: string): AsyncGenerator<readonly DynamoDBRecord[]> {
      if (after !== undefined && isAtOrAfter(after, range.last)) return;
      try {
        let iterator = await iteratorOf(range, after);
        let emptyPages = 0;
        while (iterator !== undefined && emptyPages < maxEmptyPages) {
          const { Records = [], NextShardIterator } = await streams.send(
            new GetRecordsCommand({ ShardIterator: iterator }),
          );
          // The SDK and Lambda have the same form of records, but for the time, which is not used.
          const records = Records as unknown as readonly DynamoDBRecord[];
          const isInRange = ({ dynamodb }: DynamoDBRecord) =>
            isAtOrAfter(range.last, dynamodb?.SequenceNumber ?? '0');
          yield records.filter(isInRange);
          const lastRead = records.at(-1)?.dynamodb?.SequenceNumber;
          if (lastRead !== undefined && isAtOrAfter(lastRead, range.last)) return;
          emptyPages = records.length === 0 ? emptyPages + 1 : 0;
          iterator = NextShardIterator;
        }
      } catch (cause) {
        if (cause instanceof Error && goneErrors.includes(cause.name))
          throw new RecordsExpiredError(range, { cause });
        throw cause;
      }
      throw new RecordsExpiredError(range);
    },
  };
};

export type StreamReader = ReturnType<typeof createStreamReader>;
