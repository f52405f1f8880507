import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import type { StageProfile } from '../stages.ts';
import { maximumPerMinute, sumOverFiveMinutes } from './alarm-metrics.ts';
import { createRunbookAlarm } from './runbook.ts';
import { ScheduledFunction } from './scheduled-function.ts';
import type { ServiceFunction } from './service-function.ts';
import { serviceMetric } from './service-metric.ts';

interface SweeperScheduleProps {
  readonly bus: IEventBus;
  readonly sweeper: ServiceFunction;
  readonly profile: StageProfile;
}

/** Runs the sweeper every minute, and alarms when it finds stuck payments. */
export class SweeperSchedule extends ScheduledFunction {
  readonly outputs: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, { bus, sweeper, profile }: SweeperScheduleProps) {
    super(scope, id, { target: sweeper, entry: 'sweep-undelivered', profile });
    sweeper.grantPublish(bus);

    createRunbookAlarm(this, 'StuckPaymentsAlarm', {
      metric: serviceMetric('StuckPaymentsFound', sweeper.folder, {}, sumOverFiveMinutes),
      entry: 'stuck-payments',
    });
    // The next run continues what one run leaves. Five in a row mean that more gets stuck than a run can recover.
    createRunbookAlarm(this, 'SweeperLagAlarm', {
      metric: serviceMetric('StuckPaymentsRemaining', sweeper.folder, {}, maximumPerMinute),
      entry: 'sweeper-lag',
      evaluationPeriods: 5,
    });
    createRunbookAlarm(this, 'ErrorsAlarm', {
      metric: sweeper.metricErrors(sumOverFiveMinutes),
      entry: 'sweeper-errors',
    });
    createRunbookAlarm(this, 'ScheduleMissingAlarm', {
      metric: serviceMetric('SweeperRuns', sweeper.folder, {}, sumOverFiveMinutes),
      entry: 'schedule-missing',
      comparison: 'below',
    });
    this.outputs = { QueueSweepDeadLettersUrl: this.deadLetterQueue.queueUrl };
  }
}
