import { Duration } from 'aws-cdk-lib';
import { type IEventBus, Match, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { SqsEventSource, type SqsEventSourceProps } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { type EventName, eventSource } from '../../shared/domain/events/domain-event.ts';
import { timings } from '../../shared/domain/timings.ts';
import type { StageProfile } from '../stages.ts';
import { maximumPerMinute } from './alarm-metrics.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { pascalCase } from './names.ts';
import { createRunbookAlarm, type RunbookEntry } from './runbook.ts';
import type { ServiceFunction } from './service-function.ts';
import { ServiceQueue } from './service-queue.ts';

/** Either a concurrency limit for the standard pollers, or provisioned pollers; and a batch size other than ten. */
export type Polling = Pick<SqsEventSourceProps, 'batchSize'> &
  (
    | { readonly maxConcurrency: number }
    | Required<Pick<SqsEventSourceProps, 'provisionedPollerConfig'>>
  );

interface EventConsumerProps {
  readonly bus: IEventBus;
  readonly events: readonly EventName[];
  readonly consumer: ServiceFunction;
  readonly entry: RunbookEntry;
  readonly profile: StageProfile;
  /** Only events whose data has this field are delivered. */
  readonly requiredField?: string | undefined;
  /** No events whose data has this buyer are delivered. */
  readonly excludedBuyer?: string | undefined;
  /** The maximum of concurrent batches. */
  readonly polling: Polling;
}

/** Longer than any backoff between two attempts, so a healthy queue never has a message of this age. */
const maxMessageAge = Duration.minutes(15);

/** Rule -> queue -> function, with a dead-letter queue. Alarms if the queue lags. */
export class EventConsumer extends Construct {
  readonly queue: ServiceQueue;
  readonly outputs: Readonly<Record<string, string>>;

  constructor(scope: Construct, props: EventConsumerProps) {
    const { bus, events, requiredField, excludedBuyer, consumer, entry, profile, polling } = props;
    const name = pascalCase(consumer.folder);
    super(scope, `${name}Consumer`);

    // One attempt more than the consumer has backoffs between attempts.
    const maxReceiveCount = timings[profile.timings].redeliveryBackoffMs.length + 1;
    // Failed deliveries of the bus and messages that the function failed on have the same form: one event a message.
    const deadLetters = new DeadLetterQueue(this, 'DeadLetters', { entry, profile });
    this.queue = new ServiceQueue(this, 'Queue', {
      profile,
      // Six times the function's timeout, so that two attempts never overlap, plus the batching window.
      visibilityTimeout: Duration.seconds(6 * consumer.timeout.toSeconds()).plus(
        profile.batchingWindow,
      ),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount },
      retentionPeriod: Duration.days(4),
    });
    this.queue.restrictReceivers(consumer.role);

    deadLetters.sourceQueue = this.queue;
    createRunbookAlarm(this, 'QueueLagAlarm', {
      metric: this.queue.metricApproximateAgeOfOldestMessage(maximumPerMinute),
      entry: 'queue-lag',
      threshold: maxMessageAge.toSeconds(),
      evaluationPeriods: 3,
    });

    new Rule(this, 'Rule', {
      eventBus: bus,
      eventPattern: {
        source: [eventSource],
        detailType: [...events],
        ...((requiredField || excludedBuyer) && {
          detail: {
            data: {
              ...(requiredField && { [requiredField]: Match.exists() }),
              ...(excludedBuyer && { userId: Match.anythingBut(excludedBuyer) }),
            },
          },
        }),
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
