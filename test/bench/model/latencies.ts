/** A number that somebody has published, or that the brief gives, and where. Milliseconds unless said. */
export interface PublishedValue {
  readonly value: number;
  readonly source: string;
}

const dynamo =
  'https://aws.amazon.com/dynamodb/features/ ("consistent single-digit millisecond performance"); the middle of a single digit is taken';

/** What AWS and the brief say that things take. */
export const latencies = {
  /** One request to DynamoDB. */
  dynamoMs: { value: 5, source: dynamo },
  /** A transaction prepares and commits: two passes. */
  dynamoTransactionMs: { value: 10, source: `${dynamo}, twice` },
  /** How often Lambda asks a stream for new records. */
  streamPollMs: {
    value: 250,
    source:
      'https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html ("Lambda polls shards in your DynamoDB stream for records at a base rate of 4 times per second")',
  },
  /** From PutEvents to the queue, of nine events in ten. */
  eventBridgeP90Ms: {
    value: 80,
    source:
      'AWS Architecture Blog, 2026-02-04, "Mastering millisecond latency and millions of events": 2,000 events a second, 80 ms p90',
  },
  /** Batches at work when a queue wakes up, and how many more a minute. */
  batchesAtFirst: {
    value: 5,
    source:
      'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html ("five batches at a time with five concurrent invocations")',
  },
  batchesMoreAMinute: {
    value: 300,
    source:
      'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html ("up to 300 more instances per minute")',
  },
  mostBatches: {
    value: 1_000,
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html',
  },
  /** In provisioned mode: batches that one poller has at work, and how much faster their number grows. */
  batchesOfAPoller: {
    value: 10,
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html',
  },
  provisionedGrowsTimes: {
    value: 3,
    source:
      'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html ("3 times faster scaling")',
  },
  /** One receive: what comes meanwhile is in the same batch. */
  receiveMs: { value: 20, source: 'taken for two round trips to a queue; AWS publishes none' },
  coldStartMs: {
    value: 1_000,
    source:
      'https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html ("from under 100 ms to over 1 second")',
  },
  pgMs: { value: 5_000, source: 'the brief' },
  dataPlatformMs: { value: 3_000, source: 'the brief' },
  notificationMs: { value: 500, source: 'the brief' },
} as const satisfies Record<string, PublishedValue>;

/** Megabytes at which a function has a whole processor; with less it has so much less of one. */
export const megabytesOfOneProcessor: PublishedValue = {
  value: 1_769,
  source:
    'https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html ("At 1,769 MB, a function has the equivalent of one vCPU")',
};
