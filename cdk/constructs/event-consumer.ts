import { Duration } from 'aws-cdk-lib';
import { type IEventBus, Match, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { SqsEventSource, type SqsEventSourceProps } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type EventName, eventSource } from '../../shared/domain/events/domain-event.ts';
import { timings } from '../../shared/domain/timings.ts';
import type { StageProfile } from '../stages.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { pascalCase } from './names.ts';
import { createRunbookAlarm, type RunbookEntry } from './runbook.ts';
import type { ServiceFunction } from './service-function.ts';

/** A bound for AWS's own ramp, or pollers that are paid for. */
export type Polling = Pick<SqsEventSourceProps, 'maxConcurrency' | 'provisionedPollerConfig'>;

interface EventConsumerProps {
  readonly bus: IEventBus;
  readonly events: readonly EventName[];
  readonly consumer: ServiceFunction;
  readonly entry: RunbookEntry;
  readonly profile: StageProfile;
  /** The field of an event's data without which it is not heard. */
  readonly requiredField?: string | undefined;
  /** How many batches are at work at a time. Without it, as many as the account has. */
  readonly polling?: Polling;
}

/** No try of a message is so far from the one before it that a queue which works is behind for so long. */
const maxMessageAge = Duration.minutes(15);

/** Rule -> queue -> function. No queue here exists without a watched dead-letter queue. */
export class EventConsumer extends Construct {
  readonly queue: Queue;
  readonly outputs: Readonly<Record<string, string>>;

  constructor(scope: Construct, props: EventConsumerProps) {
    const { bus, events, requiredField, consumer, entry, profile, polling } = props;
    const name = pascalCase(consumer.folder);
    super(scope, `${name}Consumer`);

    // One try more than the consumer knows pauses between them.
    const maxReceiveCount = timings[profile.timings].redeliveryBackoffMs.length + 1;
    // What the bus could not deliver and what the function could not do look the same: one event a message.
    const deadLetters = new DeadLetterQueue(this, 'DeadLetters', { entry, profile });
    this.queue = new Queue(this, 'Queue', {
      // Six times the function's timeout, so a redelivery never overlaps the try before it; and what it waits for its batch.
      visibilityTimeout: Duration.seconds(6 * consumer.timeout.toSeconds()).plus(
        profile.batchingWindow,
      ),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount },
      retentionPeriod: Duration.days(4),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: profile.enforceSSL,
      removalPolicy: profile.removalPolicy,
    });

    deadLetters.sourceQueue = this.queue;
    createRunbookAlarm(this, 'QueueLagAlarm', {
      metric: this.queue.metricApproximateAgeOfOldestMessage({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      entry: 'queue-lag',
      threshold: maxMessageAge.toSeconds(),
      evaluationPeriods: 3,
    });

    new Rule(this, 'Rule', {
      eventBus: bus,
      eventPattern: {
        source: [eventSource],
        detailType: [...events],
        ...(requiredField && { detail: { data: { [requiredField]: Match.exists() } } }),
      },
      targets: [new SqsQueue(this.queue, { deadLetterQueue: deadLetters })],
    });
    consumer.addEnvironment('QUEUE_URL', this.queue.queueUrl).addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: 10,
        reportBatchItemFailures: true,
        ...(profile.batchingWindow.toSeconds() > 0 && {
          maxBatchingWindow: profile.batchingWindow,
        }),
        ...polling,
      }),
    );
    this.outputs = {
      [`Queue${name}Url`]: this.queue.queueUrl,
      [`Queue${name}DeadLettersUrl`]: deadLetters.queueUrl,
    };
  }
}
