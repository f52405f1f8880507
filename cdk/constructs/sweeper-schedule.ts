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

/** What was forgotten is found once a minute, and that something was forgotten is told. */
export class SweeperSchedule extends ScheduledFunction {
  readonly outputs: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, { bus, sweeper, profile }: SweeperScheduleProps) {
    super(scope, id, { target: sweeper, entry: 'sweep-undelivered', profile });
    sweeper.grantPublish(bus);

    createRunbookAlarm(this, 'StuckPaymentsAlarm', {
      metric: serviceMetric('StuckPaymentsFound', sweeper.folder, {}, perFiveMinutes),
      entry: 'stuck-payments',
    });
    // What one sweep leaves over is the next one's. In five in a row, more comes to be overdue than a sweep can do.
    createRunbookAlarm(this, 'SweeperLagAlarm', {
      metric: serviceMetric('StuckPaymentsRemaining', sweeper.folder, {}, perMinute),
      entry: 'sweeper-lag',
      evaluationPeriods: 5,
    });
    createRunbookAlarm(this, 'ErrorsAlarm', {
      metric: sweeper.metricErrors({ period: Duration.minutes(5) }),
      entry: 'sweep-failing',
    });
    createRunbookAlarm(this, 'ScheduleMissingAlarm', {
      metric: serviceMetric('SweeperRuns', sweeper.folder, {}, perFiveMinutes),
      entry: 'schedule-missing',
      comparison: 'below',
    });
    this.outputs = { QueueSweepDeadLettersUrl: this.deadLetterQueue.queueUrl };
  }
}
