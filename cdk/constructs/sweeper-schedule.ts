import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import type { StageProfile } from '../stages.ts';
import { createRunbookAlarm } from './runbook.ts';
import { ScheduledFunction } from './scheduled-function.ts';
import type { ServiceFunction } from './service-function.ts';
import { serviceMetric } from './service-metric.ts';

interface SweeperScheduleProps {
  readonly bus: IEventBus;
  readonly sweeper: ServiceFunction;
  readonly profile: StageProfile;
}

const perMinute = { statistic: Stats.MAXIMUM, period: Duration.minutes(1) };
const perFiveMinutes = { statistic: Stats.SUM, period: Duration.minutes(5) };

/** Runs the sweeper every minute, and alarms when it finds stuck payments. */
export class SweeperSchedule extends ScheduledFunction {
  readonly outputs: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, { bus, sweeper, profile }: SweeperScheduleProps) {
    super(scope, id, { target: sweeper, entry: 'sweep-undelivered', profile });
    sweeper.grantPublish(bus);

    createRunbookAlarm(this, 'StuckPaymentsAlarm', {
      metric: serviceMetric('StuckPaymentsFound', sweeper.folder, {}, perFiveMinutes),
      entry: 'stuck-payments',
    });
    // The next run continues what one run leaves. Five in a row mean that more gets stuck than a run can recover.
    createRunbookAlarm(this, 'SweeperLagAlarm', {
      metric: serviceMetric('StuckPaymentsRemaining', sweeper.folder, {}, perMinute),
      entry: 'sweeper-lag',
      evaluationPeriods: 5,
    });
    createRunbookAlarm(this, 'ErrorsAlarm', {
      metric: sweeper.metricErrors({ period: Duration.minutes(5) }),
      entry: 'sweeper-errors',
    });
    createRunbookAlarm(this, 'ScheduleMissingAlarm', {
      metric: serviceMetric('SweeperRuns', sweeper.folder, {}, perFiveMinutes),
      entry: 'schedule-missing',
      comparison: 'below',
    });
    this.outputs = { QueueSweepDeadLettersUrl: this.deadLetterQueue.queueUrl };
  }
}
