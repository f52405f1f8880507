import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import type { StageProfile } from '../stages.ts';
import { runbookAlarm } from './runbook.ts';
import { EveryMinute } from './scheduled-function.ts';
import type { ServiceFunction } from './service-function.ts';
import { serviceMetric } from './service-metric.ts';

interface SweepProps {
  readonly bus: IEventBus;
  readonly sweeper: ServiceFunction;
  readonly profile: StageProfile;
}

const perMinute = { statistic: Stats.MAXIMUM, period: Duration.minutes(1) };
const perFiveMinutes = { statistic: Stats.SUM, period: Duration.minutes(5) };

/** What was forgotten is found once a minute, and that something was forgotten is told. */
export class Sweep extends EveryMinute {
  readonly outputs: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, { bus, sweeper, profile }: SweepProps) {
    super(scope, id, { called: sweeper, entry: 'sweep-undelivered', profile });
    sweeper.mayPublish(bus);

    runbookAlarm(this, 'OverdueAlarm', {
      metric: serviceMetric('Overdue', sweeper.folder, {}, perFiveMinutes),
      entry: 'payments-overdue',
    });
    // What one sweep leaves over is the next one's. In five in a row, more comes to be overdue than a sweep can do.
    runbookAlarm(this, 'LeftAlarm', {
      metric: serviceMetric('OverdueLeft', sweeper.folder, {}, perMinute),
      entry: 'sweep-behind',
      evaluationPeriods: 5,
    });
    runbookAlarm(this, 'ErrorsAlarm', {
      metric: sweeper.metricErrors({ period: Duration.minutes(5) }),
      entry: 'sweep-failing',
    });
    runbookAlarm(this, 'StoppedAlarm', {
      metric: serviceMetric('Sweeps', sweeper.folder, {}, perFiveMinutes),
      entry: 'schedule-stopped',
      rings: 'below',
    });
    this.outputs = { QueueSweepDeadLettersUrl: this.deadLetters.queueUrl };
  }
}
