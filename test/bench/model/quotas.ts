import type { PublishedValue } from './latencies.ts';

/** The default quotas of an account that differ between regions, by second. */
export interface RegionQuotas {
  readonly regions: string;
  /** PutEvents requests. */
  readonly putEvents: number;
  /** Deliveries of events to targets. */
  readonly deliveries: number;
  /** Requests to all APIs of API Gateway. */
  readonly requests: number;
  readonly stateTransitions: number;
}

const smallApi = 2_500;
const usualApi = 10_000;
const smallWorkflows = 800;
const largeWorkflows = 5_000;

/** Groups of regions with equal default quotas, the largest first. */
export const regionQuotas: readonly RegionQuotas[] = [
  {
    regions: 'us-east-1, us-west-2, eu-west-1',
    putEvents: 10_000,
    deliveries: 18_750,
    requests: usualApi,
    stateTransitions: largeWorkflows,
  },
  {
    regions: 'us-east-2, eu-central-1',
    putEvents: 2_400,
    deliveries: 4_500,
    requests: usualApi,
    stateTransitions: smallWorkflows,
  },
  {
    regions: 'eu-south-2',
    putEvents: 2_400,
    deliveries: 4_500,
    requests: smallApi,
    stateTransitions: smallWorkflows,
  },
  {
    regions: 'us-west-1, ap-northeast-1, ap-southeast-1, ap-southeast-2, eu-west-2',
    putEvents: 1_200,
    deliveries: 2_250,
    requests: usualApi,
    stateTransitions: smallWorkflows,
  },
  {
    regions:
      'ap-northeast-2, ap-east-1, ap-south-1, ca-central-1, eu-north-1, eu-west-3, sa-east-1',
    putEvents: 600,
    deliveries: 1_100,
    requests: usualApi,
    stateTransitions: smallWorkflows,
  },
  {
    regions: 'other regions',
    putEvents: 400,
    deliveries: 750,
    requests: smallApi,
    stateTransitions: smallWorkflows,
  },
];

/** Where AWS states the quotas of `regionQuotas`. */
export const regionSources = {
  putEvents: 'Amazon EventBridge quotas, "PutEvents throttle limit in transactions per second"',
  deliveries: 'Amazon EventBridge quotas, "Invocations throttle limit in transactions per second"',
  requests:
    'Amazon API Gateway quotas, "Throttle quota per account, per Region"; some of the other regions have 10,000',
  stateTransitions: 'Step Functions service quotas, "StateTransition", refill rate per second',
} as const satisfies Record<keyof Omit<RegionQuotas, 'regions'>, string>;

/** The default quotas that are equal in all regions. */
export const quotas = {
  /** Lambda executions of all functions at a time. A new account has fewer. */
  concurrentExecutions: { value: 1_000, source: 'Lambda quotas, "Concurrent executions"' },
  /** What Lambda keeps for functions without reserved concurrency. */
  unreserved: { value: 100, source: 'Configuring reserved concurrency for a function' },
  /** Requests a second that one execution environment accepts at most. */
  requestsPerEnvironment: {
    value: 10,
    source:
      'Understanding Lambda function scaling, "Understanding concurrency and requests per second"',
  },
  /** DynamoDB: write units a second of one partition, so of one partition key. */
  unitsOfAPartition: {
    value: 1_000,
    source: 'Best practices for designing and using partition keys effectively in DynamoDB',
  },
  /** Write units a second that a new on-demand table or index takes at once. */
  unitsOfANewTable: {
    value: 4_000,
    source: 'DynamoDB on-demand capacity mode, "Initial throughput for on-demand capacity mode"',
  },
  /** Write units a second of one on-demand table or index. */
  unitsOfATable: {
    value: 40_000,
    source: 'Quotas in Amazon DynamoDB, "Throughput default quotas"',
  },
  /** Messages of one standard queue that are received and not deleted yet. */
  messagesInFlight: { value: 120_000, source: 'Amazon SQS standard queue quotas' },
} as const satisfies Record<string, PublishedValue>;
