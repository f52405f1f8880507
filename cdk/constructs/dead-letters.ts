import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { StageProfile } from '../stages.ts';
import { type RunbookEntry, runbookAlarm } from './runbook.ts';

interface DeadLettersProps {
  readonly entry: RunbookEntry;
  readonly profile: StageProfile;
}

/** A queue for what could not be done. It keeps it for as long as SQS can, and its first message rings. */
export class DeadLetters extends Queue {
  constructor(scope: Construct, id: string, { entry, profile }: DeadLettersProps) {
    super(scope, id, {
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: profile.enforceSSL,
      removalPolicy: profile.removalPolicy,
    });

    const metric = this.metricApproximateNumberOfMessagesVisible({
      period: Duration.minutes(1),
      statistic: 'Maximum',
    });
    runbookAlarm(this, 'Alarm', { metric, entry });
  }
}
