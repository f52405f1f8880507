import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { decidedWithinMs } from '../../shared/observability/metric-catalogue.ts';
import type { StageProfile } from '../stages.ts';
import { runbookAlarm } from './runbook.ts';
import { EveryMinute } from './scheduled-function.ts';
import type { ServiceFunction } from './service-function.ts';
import { serviceMetric } from './service-metric.ts';

const perFiveMinutes = { statistic: Stats.SAMPLE_COUNT, period: Duration.minutes(5) };

interface BacklogProps {
  readonly measurer: ServiceFunction;
  readonly profile: StageProfile;
}

/** How much stands still is measured once a minute, and an outcome that stays unknown is told. */
export class Backlog extends EveryMinute {
  readonly outputs: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, { measurer, profile }: BacklogProps) {
    super(scope, id, { called: measurer, entry: 'backlog-undelivered', profile });

    const state = 'UNKNOWN';
    const aMinute = { statistic: 'Maximum', period: Duration.minutes(1) };
    runbookAlarm(this, 'UnknownAlarm', {
      metric: serviceMetric('OldestWaiting', measurer.folder, { state }, aMinute),
      entry: 'outcome-unknown',
      threshold: decidedWithinMs / 1_000,
    });
    runbookAlarm(this, 'StoppedAlarm', {
      metric: serviceMetric('PaymentsWaiting', measurer.folder, { state }, perFiveMinutes),
      entry: 'schedule-stopped',
      rings: 'below',
    });
    this.outputs = { QueueBacklogDeadLettersUrl: this.deadLetters.queueUrl };
  }
}
