/** A price in US dollars: us-east-1, first tier, without free tiers. */
export interface Price {
  readonly dollars: number;
  readonly per: string;
  /** The source and its date. Check AWS's own page before you rely on it. */
  readonly source: string;
  readonly dated: string;
  readonly page: string;
}

/** The AWS prices of everything that a payment uses. */
export const prices = {
  apiRequest: {
    dollars: 1 / 1e6,
    per: 'request to an HTTP API',
    source: 'https://awsforengineers.com/blog/aws-api-gateway-pricing-explained',
    dated: '2025-05-19',
    page: 'https://aws.amazon.com/api-gateway/pricing/',
  },
  lambdaRequest: {
    dollars: 0.2 / 1e6,
    per: 'invocation',
    source: 'https://cloudchipr.com/blog/aws-lambda-pricing',
    dated: '2024',
    page: 'https://aws.amazon.com/lambda/pricing/',
  },
  lambdaGbSecond: {
    dollars: 0.0000133334,
    per: 'GB-second on arm64',
    source: 'https://cloudchipr.com/blog/aws-lambda-pricing',
    dated: '2024',
    page: 'https://aws.amazon.com/lambda/pricing/',
  },
  writeUnit: {
    dollars: 0.625 / 1e6,
    per: 'write request unit, on demand',
    source: 'https://airbyte.com/data-engineering-resources/dynamodb-pricing',
    dated: '2025-07-21',
    page: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  readUnit: {
    dollars: 0.125 / 1e6,
    per: 'read request unit, on demand',
    source: 'https://airbyte.com/data-engineering-resources/dynamodb-pricing',
    dated: '2025-07-21',
    page: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  writeCapacityHour: {
    dollars: 0.00065,
    per: 'hour of a write capacity unit, provisioned',
    source:
      'https://www.linkedin.com/pulse/amazon-dynamodb-pricing-explained-detailed-breakdown-examples-raheja-u9bbc',
    dated: '2025',
    page: 'https://aws.amazon.com/dynamodb/pricing/provisioned/',
  },
  event: {
    dollars: 1 / 1e6,
    per: 'custom event of up to 64 KB',
    source: 'https://cloudburn.io/blog/amazon-eventbridge-pricing',
    dated: '2026-03-13',
    page: 'https://aws.amazon.com/eventbridge/pricing/',
  },
  queueRequest: {
    dollars: 0.4 / 1e6,
    per: 'request to a standard queue of up to 64 KB',
    source: 'https://cloudburn.io/blog/amazon-sqs-pricing',
    dated: '2026-03-14',
    page: 'https://aws.amazon.com/sqs/pricing/',
  },
  stateTransition: {
    dollars: 25 / 1e6,
    per: 'state transition of a standard workflow',
    source: 'https://www.wring.co/blog/aws-step-functions-pricing-guide',
    dated: '2026-03-14',
    page: 'https://aws.amazon.com/step-functions/pricing/',
  },
  logGb: {
    dollars: 0.5,
    per: 'GB of ingested logs',
    source: 'https://hykell.com/kb/platform-specific-guides/aws-cloudwatch-logs-pricing',
    dated: '2026',
    page: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
} as const satisfies Record<string, Price>;
