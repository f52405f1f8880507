import { Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { StageProfile } from '../stages.ts';
import { sumOverFiveMinutes } from './alarm-metrics.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { createRunbookAlarm, type RunbookEntry } from './runbook.ts';
import type { ServiceFunction } from './service-function.ts';
import { trustInOwnAccount } from './service-trust.ts';

interface ScheduledFunctionProps {
  readonly target: ServiceFunction;
  /** Runbook entry for ticks that could not start the function. */
  readonly entry: RunbookEntry;
  readonly profile: StageProfile;
}

/** The shortest age that Scheduler and Lambda accept. */
const maxTickAge = Duration.minutes(1);

/**
 * Invokes a function every minute with the scheduled time. A run does the work of all earlier ticks, or shows as much as
 * one of them, so that no tick is retried. Ticks that Lambda does not accept go to a dead-letter queue.
 */
export class ScheduledFunction extends Construct {
  protected readonly deadLetterQueue: DeadLetterQueue;
  protected readonly schedule: CfnSchedule;

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
    this.schedule = new CfnSchedule(this, 'Schedule', {
      scheduleExpression: 'rate(1 minute)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: target.functionArn,
        roleArn: role.roleArn,
        input: JSON.stringify({ tick: '<aws.scheduler.scheduled-time>' }),
        retryPolicy: {
          maximumRetryAttempts: 0,
          maximumEventAgeInSeconds: maxTickAge.toSeconds(),
        },
        deadLetterConfig: { arn: this.deadLetterQueue.queueArn },
      },
    });
    if (!profile.onAws) return;
    // By default Lambda keeps a tick for six hours while the function is throttled, and retries a failed one twice.
    target.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: maxTickAge });
    createRunbookAlarm(this, 'DroppedAlarm', {
      metric: target.metric('AsyncEventsDropped', sumOverFiveMinutes),
      entry: 'ticks-dropped',
    });
  }
}
