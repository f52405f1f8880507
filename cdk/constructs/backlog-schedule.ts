import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { timings } from '../../shared/domain/timings.ts';
import type { StageProfile } from '../stages.ts';
import { maximumPerMinute } from './alarm-metrics.ts';
import { createRunbookAlarm } from './runbook.ts';
import { ScheduledFunction } from './scheduled-function.ts';
import type { ServiceFunction } from './service-function.ts';
import { serviceMetric } from './service-metric.ts';

const samplesPerFiveMinutes = { statistic: Stats.SAMPLE_COUNT, period: Duration.minutes(5) };

/**
 * How long an outcome may stay unknown after the gateway's in-flight window. Within the window "not found" is not
 * conclusive: one lost answer can keep a payment in UNKNOWN that long.
 */
const unknownAfterWindow = Duration.minutes(5);

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
    createRunbookAlarm(this, 'UnknownOutcomeAgeAlarm', {
      metric: serviceMetric('BacklogOldestAge', measurer.folder, { state }, maximumPerMinute),
      entry: 'unknown-outcome-age',
      threshold: timings[profile.timings].inFlightWindowMs / 1_000 + unknownAfterWindow.toSeconds(),
    });
    createRunbookAlarm(this, 'ScheduleMissingAlarm', {
      metric: serviceMetric('BacklogPayments', measurer.folder, { state }, samplesPerFiveMinutes),
      entry: 'schedule-missing',
      comparison: 'below',
    });
    this.outputs = { QueueBacklogDeadLettersUrl: this.deadLetterQueue.queueUrl };
  }
}
