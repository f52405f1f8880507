import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { StageProfile } from '../stages.ts';
import { DeadLetters } from './dead-letter-queue.ts';
import type { RunbookEntry } from './runbook.ts';
import type { ServiceFunction } from './service-function.ts';

interface EveryMinuteProps {
  readonly called: ServiceFunction;
  /** Of the runbook, for a tick that could not start. */
  readonly entry: RunbookEntry;
  readonly profile: StageProfile;
}

/** Schedule -> function, once a minute, told which minute. A tick that cannot start is kept. */
export class EveryMinute extends Construct {
  protected readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, { called, entry, profile }: EveryMinuteProps) {
    super(scope, id);

    this.deadLetters = new DeadLetters(this, 'DeadLetters', { entry, profile });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
    });
    // The library's own target would allow every version of the function, too.
    role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [called.functionArn] }),
    );
    role.addToPolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.deadLetters.queueArn] }),
    );
    new CfnSchedule(this, 'Schedule', {
      scheduleExpression: 'rate(1 minute)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: called.functionArn,
        roleArn: role.roleArn,
        input: JSON.stringify({ tick: '<aws.scheduler.scheduled-time>' }),
        // The next tick is a minute away: no use in a long wait for this one.
        retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 300 },
        deadLetterConfig: { arn: this.deadLetters.queueArn },
      },
    });
  }
}
