/** A published number, or one from the brief, and its source. Milliseconds unless the name has another unit. */
export interface PublishedValue {
  readonly value: number;
  readonly source: string;
}

const dynamo =
  'https://aws.amazon.com/dynamodb/features/ ("consistent single-digit millisecond performance"); the middle of the single digits';

/** The latencies that AWS and the brief state. */
export const latencies = {
  /** One request to DynamoDB. */
  dynamoMs: { value: 5, source: dynamo },
  /** A transaction prepares and commits: two passes. */
  dynamoTransactionMs: { value: 10, source: `${dynamo}, twice` },
  /** The interval at which Lambda polls a stream. */
  streamPollMs: {
    value: 250,
    source:
      'https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html ("Lambda polls shards in your DynamoDB stream for records at a base rate of 4 times per second")',
  },
  /** From PutEvents to the queue, 90th percentile. */
  eventBridgeP90Ms: {
    value: 80,
    source:
      'AWS Architecture Blog, 2026-02-04, "Mastering millisecond latency and millions of events": 2,000 events a second, 80 ms p90',
  },
  /** Concurrent batches when a queue becomes active, and their growth per minute. */
  initialBatches: {
    value: 5,
    source:
      'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html ("five batches at a time with five concurrent invocations")',
  },
  addedBatchesPerMinute: {
    value: 300,
    source:
      'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html ("up to 300 more instances per minute")',
  },
  maxBatches: {
    value: 1_000,
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html',
  },
  /** In provisioned mode: concurrent batches per poller, and the growth of their number. */
  batchesPerPoller: {
    value: 10,
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html',
  },
  provisionedGrowthFactor: {
    value: 3,
    source:
      'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html ("3 times faster scaling")',
  },
  /** One receive request: messages that arrive during it are in the same batch. */
  receiveMs: { value: 20, source: 'assumed: two round trips to a queue; AWS publishes no number' },
  coldStartMs: {
    value: 1_000,
    source:
      'https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html ("from under 100 ms to over 1 second")',
  },
  pgMs: { value: 5_000, source: 'the brief' },
  dataPlatformMs: { value: 3_000, source: 'the brief' },
  notificationMs: { value: 500, source: 'the brief' },
} as const satisfies Record<string, PublishedValue>;

/** Megabytes at which a function has a whole processor; with less memory its share is proportional. */
export const megabytesOfOneProcessor: PublishedValue = {
  value: 1_769,
  source:
    'https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html ("At 1,769 MB, a function has the equivalent of one vCPU")',
};
