import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { finalStatusObjectiveMs } from '../../shared/observability/metric-catalogue.ts';
import type { StageProfile } from '../stages.ts';
import { createRunbookAlarm } from './runbook.ts';
import { ScheduledFunction } from './scheduled-function.ts';
import type { ServiceFunction } from './service-function.ts';
import { serviceMetric } from './service-metric.ts';

const samplesPerFiveMinutes = { statistic: Stats.SAMPLE_COUNT, period: Duration.minutes(5) };

interface BacklogScheduleProps {
  readonly measurer: ServiceFunction;
  readonly profile: StageProfile;
}

/** Measures the backlog every minute, and alarms if an outcome stays unknown for too long. */
export class BacklogSchedule extends ScheduledFunction {
  readonly outputs: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, { measurer, profile }: BacklogScheduleProps) {
    super(scope, id, { target: measurer, entry: 'backlog-undelivered', profile });

    const state = 'UNKNOWN';
    const maxPerMinute = { statistic: 'Maximum', period: Duration.minutes(1) };
    createRunbookAlarm(this, 'UnknownOutcomeAgeAlarm', {
      metric: serviceMetric('BacklogOldestAge', measurer.folder, { state }, maxPerMinute),
      entry: 'unknown-outcome-age',
      threshold: finalStatusObjectiveMs / 1_000,
    });
    createRunbookAlarm(this, 'ScheduleMissingAlarm', {
      metric: serviceMetric('BacklogPayments', measurer.folder, { state }, samplesPerFiveMinutes),
      entry: 'schedule-missing',
      comparison: 'below',
    });
    this.outputs = { QueueBacklogDeadLettersUrl: this.deadLetterQueue.queueUrl };
  }
}
