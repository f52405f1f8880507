import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { StageProfile } from '../stages.ts';
import { DeadLetters } from './dead-letters.ts';
import { runbookAlarm } from './runbook.ts';
import type { ServiceFunction } from './service-function.ts';
import { serviceMetric } from './service-metric.ts';

interface SweepProps {
  readonly bus: IEventBus;
  readonly sweeper: ServiceFunction;
  readonly profile: StageProfile;
}

/** Schedule -> function, once a minute. What was forgotten is found, and that something was forgotten is told. */
export class Sweep extends Construct {
  readonly outputs: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, { bus, sweeper, profile }: SweepProps) {
    super(scope, id);
    sweeper.mayPublish(bus);

    const deadLetters = new DeadLetters(this, 'DeadLetters', {
      entry: 'sweep-undelivered',
      profile,
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
    });
    // The library's own target would allow every version of the function, too.
    role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [sweeper.functionArn],
      }),
    );
    role.addToPolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }),
    );
    new CfnSchedule(this, 'Schedule', {
      scheduleExpression: 'rate(1 minute)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: sweeper.functionArn,
        roleArn: role.roleArn,
        input: JSON.stringify({ tick: '<aws.scheduler.scheduled-time>' }),
        // The next tick is a minute away: no use in a long wait for this one.
        retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 300 },
        deadLetterConfig: { arn: deadLetters.queueArn },
      },
    });

    runbookAlarm(this, 'OverdueAlarm', {
      metric: serviceMetric(
        'Overdue',
        sweeper.folder,
        {},
        { statistic: Stats.SUM, period: Duration.minutes(5) },
      ),
      entry: 'payments-overdue',
    });
    runbookAlarm(this, 'ErrorsAlarm', {
      metric: sweeper.metricErrors({ period: Duration.minutes(5) }),
      entry: 'sweep-failing',
    });
    this.outputs = { QueueSweepDeadLettersUrl: deadLetters.queueUrl };
  }
}
