import * as z from 'zod';

/** What is done of a batch, so that the next request goes on from there. */
const batchProgressSchema = z.object({
  /** The last record that was read from the stream. */
  sequenceNumber: z.string().optional(),
  /** The last item that was read from the table. */
  key: z.record(z.string(), z.string()).optional(),
  /** The ids of the events that EventBridge refused. */
  refused: z.array(z.string()).default([]),
});

export type BatchProgress = z.infer<typeof batchProgressSchema>;

/** The member that a redrive adds to the message of a batch. */
const progressMember = 'redriveProgress';

/** What Lambda sends for a batch that it gave up: the position of its records, and when they arrived. */
export const failedBatchSchema = z
  .object({
    DDBStreamBatchInfo: z.object({
      streamArn: z.string(),
      shardId: z.string(),
      startSequenceNumber: z.string().regex(/^\d+$/),
      endSequenceNumber: z.string().regex(/^\d+$/),
      approximateArrivalOfFirstRecord: z.iso.datetime(),
      approximateArrivalOfLastRecord: z.iso.datetime(),
      batchSize: z.int(),
    }),
    [progressMember]: batchProgressSchema.default({ refused: [] }),
  })
  .transform(({ DDBStreamBatchInfo: batch, [progressMember]: progress }) => ({
    table: batch.streamArn.split('/')[1] ?? '',
    range: {
      streamArn: batch.streamArn,
      shardId: batch.shardId,
      first: batch.startSequenceNumber,
      last: batch.endSequenceNumber,
    },
    from: batch.approximateArrivalOfFirstRecord,
    to: batch.approximateArrivalOfLastRecord,
    size: batch.batchSize,
    progress,
  }));

/** A batch that the relay gave up. Times in ISO 8601; DynamoDB rounds them down to the second. */
export type FailedBatch = z.infer<typeof failedBatchSchema>;

/** Whether an earlier redrive has published a part of the batch. */
export const hasProgress = ({ progress: { sequenceNumber, key } }: FailedBatch): boolean =>
  sequenceNumber !== undefined || key !== undefined;

/** The message of a batch with its progress; without progress, as Lambda sent it. */
export const withProgress = (body: string, progress: BatchProgress | undefined): string => {
  const { [progressMember]: _earlier, ...message } = JSON.parse(body) as Record<string, unknown>;

  return JSON.stringify(progress ? { ...message, [progressMember]: progress } : message);
};
