import { Duration } from 'aws-cdk-lib';
import { GraphWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { StageProfile } from '../stages.ts';
import { createRunbookAlarm, type RunbookEntry, runbookHeadings } from './runbook.ts';

interface DeadLetterQueueProps {
  readonly entry: RunbookEntry;
  readonly profile: StageProfile;
}

/** A queue for what could not be done. It keeps it for as long as SQS can, its first message rings, and it has its place on the dashboard. */
export class DeadLetterQueue extends Queue {
  readonly widget: GraphWidget;
  readonly entry: RunbookEntry;
  /** The queue that its letters can go back to, where they come from one. */
  sourceQueue?: IQueue;

  constructor(scope: Construct, id: string, { entry, profile }: DeadLetterQueueProps) {
    super(scope, id, {
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: profile.enforceSSL,
      removalPolicy: profile.removalPolicy,
    });

    this.entry = entry;
    const metric = this.metricApproximateNumberOfMessagesVisible({
      period: Duration.minutes(1),
      statistic: 'Maximum',
    });
    createRunbookAlarm(this, 'Alarm', { metric, entry });
    this.widget = new GraphWidget({ title: runbookHeadings[entry], left: [metric], width: 6 });
  }
}
