/** A number that somebody has published, or that the brief gives, and where. Milliseconds unless said. */
export interface Published {
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
  pgMs: { value: 5_000, source: 'the brief' },
  dataPlatformMs: { value: 3_000, source: 'the brief' },
  notificationMs: { value: 500, source: 'the brief' },
} as const satisfies Record<string, Published>;

/** Megabytes at which a function has a whole processor; with less it has so much less of one. */
export const megabytesOfOneProcessor: Published = {
  value: 1_769,
  source:
    'https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html ("At 1,769 MB, a function has the equivalent of one vCPU")',
};
