import { Duration } from 'aws-cdk-lib';
import { GraphWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { StageProfile } from '../stages.ts';
import { createRunbookAlarm, type RunbookEntry, runbookHeadings } from './runbook.ts';
import { ServiceQueue } from './service-queue.ts';

interface DeadLetterQueueProps {
  readonly entry: RunbookEntry;
  readonly profile: StageProfile;
}

/** A dead-letter queue: longest retention of SQS, an alarm on the first message, and a dashboard widget. */
export class DeadLetterQueue extends ServiceQueue {
  readonly widget: GraphWidget;
  readonly entry: RunbookEntry;
  /** The queue that messages can be redriven to, if they come from one. */
  sourceQueue?: ServiceQueue;

  constructor(scope: Construct, id: string, { entry, profile }: DeadLetterQueueProps) {
    super(scope, id, { profile, retentionPeriod: Duration.days(14) });

    this.entry = entry;
    const metric = this.metricApproximateNumberOfMessagesVisible({
      period: Duration.minutes(1),
      statistic: 'Maximum',
    });
    createRunbookAlarm(this, 'Alarm', { metric, entry });
    this.widget = new GraphWidget({ title: runbookHeadings[entry], left: [metric], width: 6 });
  }
}

/** Every dead-letter queue below the scope. */
export const findDeadLetterQueues = (scope: Construct): readonly DeadLetterQueue[] =>
  scope.node.findAll().filter((one) => one instanceof DeadLetterQueue);
