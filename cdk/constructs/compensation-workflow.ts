import { Duration } from 'aws-cdk-lib';
import { EventField, type IEventBus, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  DefinitionBody,
  Errors,
  JitterType,
  JsonPath,
  LogLevel,
  Parallel,
  Pass,
  StateMachine,
  StateMachineType,
  type TaskStateBase,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { eventSource } from '../../shared/domain/events/domain-event.ts';
import { compensationTrigger } from '../../shared/domain/events/subscriptions.ts';
import type { StageProfile } from '../stages.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { createRunbookAlarm } from './runbook.ts';
import type { ServiceFunction } from './service-function.ts';
import { trustInOwnAccount } from './service-trust.ts';

interface CompensationWorkflowProps {
  readonly bus: IEventBus;
  /** Each compensates one target and depends on no other step. */
  readonly steps: readonly ServiceFunction[];
  /** Reads what the steps recorded and sets the payment's status. */
  readonly finish: ServiceFunction;
  readonly profile: StageProfile;
}

/**
 * The function did not run, or ended without a response. These errors have retries of their own, so that a burst of
 * compensations uses up none of a step's attempts. The runtime decides which of two names a timeout has.
 */
const invocationErrors = [
  'Lambda.TooManyRequestsException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.Unknown',
  'Sandbox.Timedout',
  'Runtime.ExitError',
  'Runtime.NodejsExit',
];

/** Runs every compensation step, even if others fail; then `finish` decides by the records. */
export class CompensationWorkflow extends Construct {
  readonly stateMachine: StateMachine;
  readonly outputs: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: CompensationWorkflowProps) {
    super(scope, id);
    const { bus, steps, finish, profile } = props;

    const compensateInParallel = new Parallel(this, 'Compensate', { resultPath: JsonPath.DISCARD });
    for (const step of steps) {
      const leaveToReview = new Pass(this, `Leave ${step.folder} to review`);
      compensateInParallel.branch(
        this.task(step, profile).addCatch(leaveToReview, {
          errors: [Errors.ALL],
          resultPath: JsonPath.DISCARD,
        }),
      );
    }

    const logGroup = new LogGroup(this, 'Logs', {
      retention: profile.logRetention,
      removalPolicy: profile.removalPolicy,
    });
    const role = this.role([...steps, finish], profile);
    const stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromChainable(
        compensateInParallel.next(this.task(finish, profile)),
      ),
      timeout: Duration.minutes(15),
      tracingEnabled: profile.onAws,
      logs: { destination: logGroup, level: LogLevel.ERROR },
      // The library would also allow every version of each function.
      role: role.withoutPolicyUpdates(),
      removalPolicy: profile.removalPolicy,
    });
    // Step Functions checks access to the log group while it creates the state machine.
    stateMachine.node.addDependency(role);

    const deadLetters = new DeadLetterQueue(this, 'DeadLetters', {
      entry: 'compensation-undelivered',
      profile,
    });
    new Rule(this, 'Rule', {
      eventBus: bus,
      eventPattern: { source: [eventSource], detailType: [compensationTrigger] },
      targets: [
        new SfnStateMachine(stateMachine, {
          role: new Role(this, 'RuleRole', { assumedBy: trustInOwnAccount('events') }),
          input: RuleTargetInput.fromObject({
            // Helps readers of an execution. LocalStack uses it as the execution's name and requires it.
            id: EventField.eventId,
            paymentId: EventField.fromPath('$.detail.data.paymentId'),
            traceparent: EventField.fromPath('$.detail.traceparent'),
          }),
          deadLetterQueue: deadLetters,
        }),
      ],
    });

    for (const [outcome, metric] of Object.entries({
      Failed: stateMachine.metricFailed(),
      TimedOut: stateMachine.metricTimedOut(),
    }))
      createRunbookAlarm(this, `${outcome}Alarm`, { metric, entry: 'compensation-failed' });

    this.stateMachine = stateMachine;
    this.outputs = {
      StateMachineArn: stateMachine.stateMachineArn,
      QueueCompensationDeadLettersUrl: deadLetters.queueUrl,
    };
  }

  private task(step: ServiceFunction, { compensationRetries }: StageProfile): TaskStateBase {
    // Every step receives the execution's input: the payment's id, and only that if an operator started it.
    const task = new LambdaInvoke(this, step.folder, {
      lambdaFunction: step,
      payloadResponseOnly: true,
      // Longer than the function's own timeout, so that the function reports it.
      taskTimeout: Timeout.duration(step.timeout.plus(Duration.seconds(5))),
      retryOnServiceExceptions: false,
    });
    task.addRetry({
      errors: [...invocationErrors],
      interval: Duration.seconds(1),
      backoffRate: 2,
      maxDelay: Duration.seconds(10),
      maxAttempts: 10,
      jitterStrategy: JitterType.FULL,
    });

    return task.addRetry({
      errors: [Errors.ALL],
      interval: Duration.seconds(1),
      backoffRate: 2,
      maxAttempts: compensationRetries,
      jitterStrategy: JitterType.FULL,
    });
  }

  private role(functions: readonly ServiceFunction[], { onAws }: StageProfile): Role {
    const role = new Role(this, 'Role', { assumedBy: trustInOwnAccount('states') });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: functions.map(({ functionArn }) => functionArn),
      }),
    );
    // AWS defines these actions without resources: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
    role.addToPolicy(
      new PolicyStatement({
        actions: [
          'logs:CreateLogDelivery',
          'logs:DeleteLogDelivery',
          'logs:DescribeLogGroups',
          'logs:DescribeResourcePolicies',
          'logs:GetLogDelivery',
          'logs:ListLogDeliveries',
          'logs:PutResourcePolicy',
          'logs:UpdateLogDelivery',
        ],
        resources: ['*'],
      }),
    );

    // Without resources too: https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html
    if (onAws)
      role.addToPolicy(
        new PolicyStatement({
          actions: [
            'xray:GetSamplingRules',
            'xray:GetSamplingTargets',
            'xray:PutTelemetryRecords',
            'xray:PutTraceSegments',
          ],
          resources: ['*'],
        }),
      );

    return role;
  }
}
