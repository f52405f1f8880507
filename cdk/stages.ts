import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Architecture, SystemLogLevel } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { TimingProfile } from '../shared/domain/timings.ts';

/** All that differs between the stages, in one table. */
export interface StageProfile {
  readonly removalPolicy: RemovalPolicy;
  readonly deletionProtection: boolean;
  readonly logRetention: RetentionDays;
  /** What Lambda itself writes of an invocation. A local AWS writes all of it. */
  readonly systemLogLevel?: SystemLogLevel;
  readonly architecture: Architecture;
  /** Refuse plain HTTP to queues. A local AWS speaks nothing else. */
  readonly enforceSSL: boolean;
  /** Alarms that compute with metrics, or with other alarms. A local AWS refuses them. */
  readonly sloAlarms: boolean;
  readonly timings: TimingProfile;
  readonly chargeTimeout: Duration;
  /** An inquiry may call the gateway three times. */
  readonly inquiryTimeout: Duration;
  /** How long a batch of messages waits to be full. What waits for the PG side by side is paid for once. */
  readonly batchingWindow: Duration;
  /** Batches of one shard that the relay has at work. The changes of one item keep their order. */
  readonly relayParallelization: number;
  /**
   * Pollers of the charges that are paid for: ready at once, and how many there may be, each with ten batches at work. Without them it is
   * AWS's own ramp, up to `chargeConcurrency`.
   */
  readonly chargePollers?: { readonly minimumPollers: number; readonly maximumPollers: number };
  /** How long the relay retries a change. On AWS it leaves 18 of a stream's 24 hours to fetch it by hand. */
  readonly maxRecordAge: Duration;
  /** Tries of a compensation step after the first one. */
  readonly compensationRetries: number;
  /**
   * Instances that get-payment may have at a time, and as many get-refund: reads leave the account's concurrency to what takes and charges
   * payments. Half of them may hold a long poll, so that those leave instances to plain reads.
   */
  readonly readConcurrency: number;
  /** Requests a second, and the burst above them, that the API lets in. */
  readonly throttle: { readonly rateLimit: number; readonly burstLimit: number };
}

const awsProfile = {
  // An invocation that went well is told by us. What fails, or takes too long, Lambda still reports.
  systemLogLevel: SystemLogLevel.WARN,
  architecture: Architecture.ARM_64,
  enforceSSL: true,
  sloAlarms: true,
  timings: 'cloud',
  chargeTimeout: Duration.seconds(30),
  inquiryTimeout: Duration.seconds(75),
  // `npm run bench -- model` is where these two come from, and production's pollers.
  batchingWindow: Duration.seconds(1),
  relayParallelization: 10,
  maxRecordAge: Duration.hours(6),
  compensationRetries: 5,
} as const;

export const stages = {
  local: {
    removalPolicy: RemovalPolicy.DESTROY,
    deletionProtection: false,
    logRetention: RetentionDays.ONE_DAY,
    architecture: process.arch === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
    enforceSSL: false,
    sloAlarms: false,
    timings: 'local',
    chargeTimeout: Duration.seconds(15),
    inquiryTimeout: Duration.seconds(30),
    batchingWindow: Duration.seconds(0),
    relayParallelization: 1,
    maxRecordAge: Duration.minutes(1),
    compensationRetries: 2,
    readConcurrency: 6,
    throttle: { rateLimit: 2_000, burstLimit: 1_000 },
  },
  sandbox: {
    ...awsProfile,
    removalPolicy: RemovalPolicy.DESTROY,
    deletionProtection: false,
    logRetention: RetentionDays.ONE_WEEK,
    readConcurrency: 20,
    throttle: { rateLimit: 100, burstLimit: 200 },
  },
  production: {
    ...awsProfile,
    removalPolicy: RemovalPolicy.RETAIN,
    deletionProtection: true,
    logRetention: RetentionDays.THREE_MONTHS,
    readConcurrency: 200,
    chargePollers: { minimumPollers: 10, maximumPollers: 100 },
    throttle: { rateLimit: 2_000, burstLimit: 1_000 },
  },
} as const satisfies Record<string, StageProfile>;

export type StageName = keyof typeof stages;
