import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { StageProfile } from '../stages.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { RunbookEntry } from './runbook.ts';
import type { ServiceFunction } from './service-function.ts';
import { trustInOwnAccount } from './service-trust.ts';

interface ScheduledFunctionProps {
  readonly target: ServiceFunction;
  /** Runbook entry for ticks that could not start the function. */
  readonly entry: RunbookEntry;
  readonly profile: StageProfile;
}

/** Invokes a function every minute with the scheduled time. Failed ticks go to a dead-letter queue. */
export class ScheduledFunction extends Construct {
  protected readonly deadLetterQueue: DeadLetterQueue;

  constructor(scope: Construct, id: string, { target, entry, profile }: ScheduledFunctionProps) {
    super(scope, id);

    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetters', { entry, profile });
    const role = new Role(this, 'Role', { assumedBy: trustInOwnAccount('scheduler') });
    // The target of the library would also allow every version of the function.
    role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [target.functionArn] }),
    );
    role.addToPolicy(
      new PolicyStatement({
        actions: ['sqs:SendMessage'],
        resources: [this.deadLetterQueue.queueArn],
      }),
    );
    this.deadLetterQueue.allowSender(role);
    new CfnSchedule(this, 'Schedule', {
      scheduleExpression: 'rate(1 minute)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: target.functionArn,
        roleArn: role.roleArn,
        input: JSON.stringify({ tick: '<aws.scheduler.scheduled-time>' }),
        // The next tick comes in a minute, so long retries of this one are useless.
        retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 300 },
        deadLetterConfig: { arn: this.deadLetterQueue.queueArn },
      },
    });
  }
}
