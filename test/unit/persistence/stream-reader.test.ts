import type { GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-dynamodb-streams';
import { describe, expect, it } from 'vitest';
import {
  createStreamReader,
  RecordsExpiredError,
} from '../../../shared/persistence/stream-reader.ts';
import { awsError } from '../../simulation/virtual/network.ts';

/** The last number is longer than the others: as a text it is not the greatest. */
const range = { streamArn: 'stream', shardId: 'shard', first: '998', last: '1001' };

type Page = readonly number[] | Error;

/** A shard that is still written, with these pages and then only empty ones. */
const createShard = (pages: readonly Page[]) => {
  const inputs: object[] = [];
  const left = [...pages];
  const reader = createStreamReader({
    send: async ({ input }: GetShardIteratorCommand | GetRecordsCommand) => {
      inputs.push(input);
      if ('StreamArn' in input) return { ShardIterator: 'iterator' };
      const page = left.shift() ?? [];
      if (page instanceof Error) throw page;

      return {
        Records: page.map((number) => ({ dynamodb: { SequenceNumber: `${number}` } })),
        NextShardIterator: 'iterator',
      };
    },
  } as Parameters<typeof createStreamReader>[0]);
  const numbers = async (after?: string) => {
    const read = await Array.fromAsync(reader.pages(range, after));

    return read.map((records) => records.map(({ dynamodb }) => Number(dynamodb?.SequenceNumber)));
  };

  return { inputs, numbers };
};

describe('read records of a stream', () => {
  it('returns the records from the first to the last number, page by page', async () => {
    const { inputs, numbers } = createShard([[998, 999], [], [1_000, 1_001, 1_002], [1_003]]);

    expect(await numbers()).toEqual([[998, 999], [], [1_000, 1_001]]);
    expect(inputs[0]).toEqual({
      StreamArn: 'stream',
      ShardId: 'shard',
      ShardIteratorType: 'AT_SEQUENCE_NUMBER',
      SequenceNumber: '998',
    });
    expect(inputs).toHaveLength(4);
  });

  it('goes on after a record, and reads nothing after the last one', async () => {
    const { inputs, numbers } = createShard([[1_000, 1_001]]);

    expect(await numbers('999')).toEqual([[1_000, 1_001]]);
    expect(inputs[0]).toMatchObject({
      ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
      SequenceNumber: '999',
    });
    expect(await numbers('1001')).toEqual([]);
    expect(inputs).toHaveLength(2);
  });

  it.each(['TrimmedDataAccessException', 'ResourceNotFoundException'])(
    'throws that the records are gone after %s',
    async (name) => {
      const { numbers } = createShard([awsError(name)]);

      await expect(numbers()).rejects.toBeInstanceOf(RecordsExpiredError);
    },
  );

  it('throws that the records are gone if the shard has no further record', async () => {
    const { inputs, numbers } = createShard([[998]]);

    await expect(numbers()).rejects.toBeInstanceOf(RecordsExpiredError);
    expect(inputs.length).toBeLessThan(20);
  });

  it('throws another fault unchanged', async () => {
    const fault = awsError('LimitExceededException');
    const { numbers } = createShard([fault]);

    await expect(numbers()).rejects.toBe(fault);
  });
});
