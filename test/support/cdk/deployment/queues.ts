import { numberAt, resourceNameOf, valueAt } from '../intrinsics.ts';
import type { Synthesis } from '../synthesis.ts';

/** One queue; also a dead-letter queue is one. */
export interface DeployedQueue {
  readonly name: string;
  /** How long a received message stays invisible. */
  readonly visibilityTimeoutMs: number;
  /** How long a message is kept. */
  readonly retentionMs: number;
  /** How long a new message stays invisible, if its sender says nothing else. */
  readonly delayMs: number;
  readonly redrive?:
    | {
        readonly deadLetterQueue: string;
        /** The receive after this number moves the message to the dead-letter queue. */
        readonly maxReceiveCount: number;
      }
    | undefined;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html */
const defaultSeconds = { visibilityTimeout: 30, retention: 345_600, delay: 0 };

export const readQueues = ({ all }: Synthesis): readonly DeployedQueue[] =>
  all('AWS::SQS::Queue').map(({ name, properties }) => {
    const msAt = (path: string, byDefault: number) => numberAt(properties, path, byDefault) * 1_000;
    const deadLetterQueue = valueAt(properties, 'RedrivePolicy.deadLetterTargetArn');

    return {
      name,
      visibilityTimeoutMs: msAt('VisibilityTimeout', defaultSeconds.visibilityTimeout),
      retentionMs: msAt('MessageRetentionPeriod', defaultSeconds.retention),
      delayMs: msAt('DelaySeconds', defaultSeconds.delay),
      redrive:
        deadLetterQueue === undefined
          ? undefined
          : {
              deadLetterQueue: resourceNameOf(deadLetterQueue),
              maxReceiveCount: numberAt(properties, 'RedrivePolicy.maxReceiveCount'),
            },
    };
  });
