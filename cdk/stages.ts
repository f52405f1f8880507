import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Architecture, SystemLogLevel } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { subscriptions } from '../shared/domain/events/subscriptions.ts';
import type { TimingProfile } from '../shared/domain/timings.ts';

/** Functions with a concurrency of their own: the consumers of queues, and those that payments depend on. */
export type BoundedFunction =
  | keyof typeof subscriptions
  | 'accept-payment'
  | 'relay-changes'
  | 'sweep-payments'
  | 'receive-webhook'
  | 'get-payment'
  | 'get-refund';

/** Kinds of routes. Each route of a group has the limit of the group for itself. */
export type RouteGroup = 'purchase' | 'status' | 'buyer' | 'webhook' | 'operator' | 'public';

/** A limit of API Gateway: requests per second, and the burst. */
export interface Throttle {
  readonly rateLimit: number;
  readonly burstLimit: number;
}

/** Everything that differs between the stages. */
export interface StageProfile {
  readonly removalPolicy: RemovalPolicy;
  readonly deletionProtection: boolean;
  /** Back up the tables with AWS Backup. A vault with backups in it cannot be deleted with its stack. */
  readonly backups: boolean;
  readonly logRetention: RetentionDays;
  /** Of the logs that show who called: PCI DSS asks for twelve months. */
  readonly auditLogRetention: RetentionDays;
  /** Level of Lambda's own log lines. A local AWS logs everything. */
  readonly systemLogLevel?: SystemLogLevel;
  readonly architecture: Architecture;
  /** Deny plain HTTP to queues. A local AWS supports only plain HTTP. */
  readonly enforceSSL: boolean;
  /**
   * Deny the bus and the queues to other roles than the service's own. A local AWS refuses the policy of a bus, and tests
   * send messages themselves.
   */
  readonly denyOtherRoles: boolean;
  /**
   * Whether it runs on AWS itself: with traces, with canary deployments, and with alarms on composites, on metric math and
   * on metrics of AWS services. A local AWS rejects or ignores them.
   */
  readonly onAws: boolean;
  readonly timings: TimingProfile;
  readonly chargeTimeout: Duration;
  /** An inquiry may call the gateway three times. */
  readonly inquiryTimeout: Duration;
  /** SQS batching window. Charges of one batch wait for the gateway concurrently, in one paid invocation. */
  readonly batchingWindow: Duration;
  /** Charges of one batch. SQS needs a batching window for more than ten. */
  readonly chargeBatchSize: number;
  /** Concurrent batches per shard of the relay. The changes of one item keep their order. */
  readonly relayParallelization: number;
  /**
   * The fewest provisioned pollers of the charge queue, each with ten concurrent batches. Without them, standard
   * pollers scale up.
   */
  readonly minChargePollers?: number;
  /** How long the relay retries a record. On AWS, 18 of the stream's 24 hours are left to read it manually. */
  readonly maxRecordAge: Duration;
  /** Retries of a compensation step after its first attempt. */
  readonly compensationRetries: number;
  /**
   * Reserved concurrency by function, which is also its maximum. The queue of a consumer delivers as many concurrent
   * batches. At most half of the reads are long polls. Their sum must fit into the account's quota.
   */
  readonly concurrency: Readonly<Record<BoundedFunction, number>>;
  /** Reserve the concurrency of consumers too. A local AWS has fewer executions than all of them need. */
  readonly reserveConsumers: boolean;
  /** How long after a payment completed its buyer may refund it, unless the context says otherwise. */
  readonly buyerRefundMinutes: number;
  /**
   * Write units per second that a table, by its name in the data stack, takes at once when it is new; DynamoDB's
   * 4,000 by default. They are billed once, and DynamoDB rejects a lower number later.
   */
  readonly warmWriteUnits: Readonly<Record<string, number>>;
  /** Report the keys that DynamoDB throttles (CloudWatch Contributor Insights), on the tables that ask for it. */
  readonly throttledKeys: boolean;
  /** Whether an order without an amount is paid each minute, to see that the stage works. */
  readonly canaryPayments: boolean;
  /** API throttling of a route without a limit of its own. */
  readonly throttle: Throttle;
  /** API throttling of each route, by group. A local AWS does not throttle. */
  readonly routeThrottles?: Readonly<Record<RouteGroup, Throttle>>;
}

const awsProfile = {
  // Our own line reports a successful invocation. Lambda still reports failures and timeouts.
  systemLogLevel: SystemLogLevel.WARN,
  architecture: Architecture.ARM_64,
  enforceSSL: true,
  denyOtherRoles: true,
  onAws: true,
  timings: 'cloud',
  chargeTimeout: Duration.seconds(30),
  inquiryTimeout: Duration.seconds(75),
  reserveConsumers: true,
  // `npm run bench -- model` determines these three, and production's pollers.
  batchingWindow: Duration.seconds(1),
  chargeBatchSize: 25,
  relayParallelization: 10,
  maxRecordAge: Duration.hours(6),
  buyerRefundMinutes: 0,
  compensationRetries: 5,
  throttledKeys: true,
  canaryPayments: true,
} as const;

export const stages = {
  local: {
    removalPolicy: RemovalPolicy.DESTROY,
    deletionProtection: false,
    backups: false,
    logRetention: RetentionDays.ONE_DAY,
    auditLogRetention: RetentionDays.ONE_DAY,
    architecture: process.arch === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
    enforceSSL: false,
    denyOtherRoles: false,
    onAws: false,
    timings: 'local',
    chargeTimeout: Duration.seconds(15),
    inquiryTimeout: Duration.seconds(30),
    batchingWindow: Duration.seconds(0),
    chargeBatchSize: 10,
    relayParallelization: 1,
    maxRecordAge: Duration.minutes(1),
    compensationRetries: 2,
    concurrency: {
      'accept-payment': 4,
      'relay-changes': 4,
      'charge-payment': 4,
      'sweep-payments': 4,
      'receive-webhook': 4,
      'get-payment': 6,
      'get-refund': 6,
      'inquire-payment': 4,
      'execute-refund': 4,
      'refund-cancelled-payment': 5,
      'compensate-payment': 5,
      'send-to-data-platform': 5,
      'notify-buyer': 5,
      'update-ranking': 5,
      'add-loyalty-points': 5,
      'open-review': 5,
      'close-review': 5,
    },
    reserveConsumers: false,
    buyerRefundMinutes: 1_440,
    warmWriteUnits: {},
    throttledKeys: false,
    canaryPayments: false,
    throttle: { rateLimit: 2_000, burstLimit: 1_000 },
  },
  sandbox: {
    ...awsProfile,
    removalPolicy: RemovalPolicy.DESTROY,
    deletionProtection: false,
    backups: false,
    logRetention: RetentionDays.ONE_WEEK,
    auditLogRetention: RetentionDays.ONE_WEEK,
    warmWriteUnits: {},
    concurrency: {
      'accept-payment': 20,
      'relay-changes': 40,
      'charge-payment': 10,
      'sweep-payments': 2,
      'receive-webhook': 10,
      'get-payment': 20,
      'get-refund': 20,
      'inquire-payment': 10,
      'execute-refund': 10,
      'refund-cancelled-payment': 5,
      'compensate-payment': 5,
      'send-to-data-platform': 5,
      'notify-buyer': 5,
      'update-ranking': 5,
      'add-loyalty-points': 5,
      'open-review': 5,
      'close-review': 5,
    },
    throttle: { rateLimit: 100, burstLimit: 200 },
    routeThrottles: {
      purchase: { rateLimit: 100, burstLimit: 200 },
      status: { rateLimit: 100, burstLimit: 200 },
      buyer: { rateLimit: 50, burstLimit: 100 },
      webhook: { rateLimit: 50, burstLimit: 100 },
      operator: { rateLimit: 20, burstLimit: 40 },
      public: { rateLimit: 20, burstLimit: 40 },
    },
  },
  production: {
    ...awsProfile,
    removalPolicy: RemovalPolicy.RETAIN,
    deletionProtection: true,
    backups: true,
    logRetention: RetentionDays.THREE_MONTHS,
    auditLogRetention: RetentionDays.THIRTEEN_MONTHS,
    // Twice what 1,000 approved payments a second write, each of one sku.
    warmWriteUnits: {
      Orders: 8_000,
      Payments: 10_000,
      Balances: 8_000,
      Products: 8_000,
      Rankings: 8_000,
    },
    // Enough for the brief's 140.8 payments a second in an account with the default quota: test/unit/bench/needs.test.ts.
    concurrency: {
      'accept-payment': 80,
      'relay-changes': 60,
      'charge-payment': 200,
      'sweep-payments': 2,
      'receive-webhook': 30,
      'get-payment': 150,
      'get-refund': 20,
      'inquire-payment': 30,
      'execute-refund': 20,
      'refund-cancelled-payment': 5,
      'compensate-payment': 20,
      'send-to-data-platform': 90,
      'notify-buyer': 45,
      'update-ranking': 15,
      'add-loyalty-points': 15,
      'open-review': 5,
      'close-review': 5,
    },
    minChargePollers: 10,
    throttle: { rateLimit: 2_000, burstLimit: 1_000 },
    routeThrottles: {
      purchase: { rateLimit: 500, burstLimit: 500 },
      status: { rateLimit: 1_000, burstLimit: 500 },
      buyer: { rateLimit: 200, burstLimit: 200 },
      webhook: { rateLimit: 500, burstLimit: 500 },
      operator: { rateLimit: 50, burstLimit: 50 },
      public: { rateLimit: 50, burstLimit: 100 },
    },
  },
} as const satisfies Record<string, StageProfile>;

export type StageName = keyof typeof stages;
