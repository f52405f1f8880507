import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { StageProfile } from '../stages.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { RunbookEntry } from './runbook.ts';
import type { ServiceFunction } from './service-function.ts';

interface ScheduledFunctionProps {
  readonly target: ServiceFunction;
  /** Of the runbook, for a tick that could not start. */
  readonly entry: RunbookEntry;
  readonly profile: StageProfile;
}

/** Schedule -> function, once a minute, told which minute. A tick that cannot start is kept. */
export class ScheduledFunction extends Construct {
  protected readonly deadLetterQueue: DeadLetterQueue;

  constructor(scope: Construct, id: string, { target, entry, profile }: ScheduledFunctionProps) {
    super(scope, id);

    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetters', { entry, profile });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
    });
    // The library's own target would allow every version of the function, too.
    role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [target.functionArn] }),
    );
    role.addToPolicy(
      new PolicyStatement({
        actions: ['sqs:SendMessage'],
        resources: [this.deadLetterQueue.queueArn],
      }),
    );
    new CfnSchedule(this, 'Schedule', {
      scheduleExpression: 'rate(1 minute)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: target.functionArn,
        roleArn: role.roleArn,
        input: JSON.stringify({ tick: '<aws.scheduler.scheduled-time>' }),
        // The next tick is a minute away: no use in a long wait for this one.
        retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 300 },
        deadLetterConfig: { arn: this.deadLetterQueue.queueArn },
      },
    });
  }
}
