import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import type { DeployedStream } from '../../support/cdk/deployment/event-sources.ts';
import type { InvocationResult } from './lambda.ts';

export interface StreamRecord {
  readonly record: DynamoDBRecord;
  readonly writtenAt: number;
}

/** A batch of a lane, and how often Lambda has tried it. */
export interface Batch {
  readonly records: readonly StreamRecord[];
  readonly attempts: number;
}

/**
 * What Lambda tries again: from the first reported failure on, or everything, also if a report names no record.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export const unprocessed = (
  result: InvocationResult,
  records: readonly StreamRecord[],
  { reportsBatchItemFailures }: DeployedStream,
): readonly StreamRecord[] => {
  if (result.kind !== 'returned') return records;
  if (!reportsBatchItemFailures) return [];
  const { batchItemFailures } = (result.value ?? {}) as Partial<DynamoDBBatchResponse>;
  const positions = (batchItemFailures ?? []).map(({ itemIdentifier }) =>
    records.findIndex(({ record }) => record.dynamodb?.SequenceNumber === itemIdentifier),
  );

  return positions.length === 0 ? [] : records.slice(Math.max(0, Math.min(...positions)));
};

/** The batch of the next attempt, in two halves if Lambda bisects. */
export const split = (
  records: readonly StreamRecord[],
  attempts: number,
  { bisectBatchOnFunctionError }: DeployedStream,
): readonly Batch[] => {
  if (!bisectBatchOnFunctionError || records.length === 1) return [{ records, attempts }];
  const middle = Math.ceil(records.length / 2);

  return [records.slice(0, middle), records.slice(middle)].map((half) => ({
    records: half,
    attempts,
  }));
};

/** DynamoDB rounds the time of a record down to the second. */
const wholeSecond = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

interface GivenUp extends Batch {
  /** Why Lambda gives it up. */
  readonly condition: string;
  readonly shard: string;
  readonly folder: string;
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What Lambda sends to the failure queue: a description of the batch, not its records. */
export const describeGivenUp = (batch: GivenUp): object => {
  const { records, attempts, condition, shard, folder, requestId, at } = batch;
  const [first, last] = [records[0], records.at(-1)] as [StreamRecord, StreamRecord];

  return {
    requestContext: {
      requestId,
      functionArn: `arn:aws:lambda:us-east-1:000000000000:function:${folder}`,
      condition,
      approximateInvokeCount: attempts,
    },
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      functionError: 'Unhandled',
    },
    version: '1.0',
    timestamp: new Date(at).toISOString(),
    DDBStreamBatchInfo: {
      shardId: shard,
      startSequenceNumber: first.record.dynamodb?.SequenceNumber,
      endSequenceNumber: last.record.dynamodb?.SequenceNumber,
      approximateArrivalOfFirstRecord: wholeSecond(first.writtenAt),
      approximateArrivalOfLastRecord: wholeSecond(last.writtenAt),
      batchSize: records.length,
      streamArn: first.record.eventSourceARN,
    },
  };
};
