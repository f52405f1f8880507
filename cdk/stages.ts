import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Architecture, SystemLogLevel } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { TimingProfile } from '../shared/domain/timings.ts';

/** Everything that differs between the stages. */
export interface StageProfile {
  readonly removalPolicy: RemovalPolicy;
  readonly deletionProtection: boolean;
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
   * Provisioned pollers of the charge queue, each with ten concurrent batches. Without them, the standard pollers
   * scale up to `chargeConcurrency`.
   */
  readonly chargePollers?: { readonly minimumPollers: number; readonly maximumPollers: number };
  /** How long the relay retries a record. On AWS, 18 of the stream's 24 hours are left to read it manually. */
  readonly maxRecordAge: Duration;
  /** Retries of a compensation step after its first attempt. */
  readonly compensationRetries: number;
  /**
   * Reserved concurrency of get-payment and of get-refund, so that reads leave the account's concurrency to accepting
   * and charging. At most half of it serves long polls; the rest is left to plain reads.
   */
  readonly readConcurrency: number;
  /** How long after a payment completed its buyer may refund it, unless the context says otherwise. */
  readonly buyerRefundMinutes: number;
  /**
   * Write units per second that a table, by its name in the data stack, takes at once when it is new; DynamoDB's
   * 4,000 by default. They are billed once, and DynamoDB rejects a lower number later.
   */
  readonly warmWriteUnits: Readonly<Record<string, number>>;
  /** Report the keys that DynamoDB throttles (CloudWatch Contributor Insights), on the tables that ask for it. */
  readonly throttledKeys: boolean;
  /** API throttling: requests per second, and the burst. */
  readonly throttle: { readonly rateLimit: number; readonly burstLimit: number };
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
  // `npm run bench -- model` determines these three, and production's pollers.
  batchingWindow: Duration.seconds(1),
  chargeBatchSize: 25,
  relayParallelization: 10,
  maxRecordAge: Duration.hours(6),
  buyerRefundMinutes: 0,
  compensationRetries: 5,
  throttledKeys: true,
} as const;

export const stages = {
  local: {
    removalPolicy: RemovalPolicy.DESTROY,
    deletionProtection: false,
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
    readConcurrency: 6,
    buyerRefundMinutes: 1_440,
    warmWriteUnits: {},
    throttledKeys: false,
    throttle: { rateLimit: 2_000, burstLimit: 1_000 },
  },
  sandbox: {
    ...awsProfile,
    removalPolicy: RemovalPolicy.DESTROY,
    deletionProtection: false,
    logRetention: RetentionDays.ONE_WEEK,
    auditLogRetention: RetentionDays.ONE_WEEK,
    readConcurrency: 20,
    warmWriteUnits: {},
    throttle: { rateLimit: 100, burstLimit: 200 },
  },
  production: {
    ...awsProfile,
    removalPolicy: RemovalPolicy.RETAIN,
    deletionProtection: true,
    logRetention: RetentionDays.THREE_MONTHS,
    auditLogRetention: RetentionDays.THIRTEEN_MONTHS,
    readConcurrency: 200,
    // Twice what 1,000 approved payments a second write, each of one sku.
    warmWriteUnits: {
      Orders: 8_000,
      Payments: 10_000,
      Balances: 8_000,
      Products: 8_000,
      Rankings: 8_000,
    },
    chargePollers: { minimumPollers: 10, maximumPollers: 100 },
    throttle: { rateLimit: 2_000, burstLimit: 1_000 },
  },
} as const satisfies Record<string, StageProfile>;

export type StageName = keyof typeof stages;
