import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IAlarm,
  MathExpression,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import {
  LambdaApplication,
  LambdaDeploymentConfig,
  LambdaDeploymentGroup,
} from 'aws-cdk-lib/aws-codedeploy';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { runbookLink } from './runbook.ts';
import type { ServiceFunction } from './service-function.ts';
import { serviceMetric } from './service-metric.ts';
import { trustInOwnAccount } from './service-trust.ts';

type CanaryFunction = keyof typeof failuresOf;

interface CanaryDeploymentsProps {
  readonly functions: Readonly<Record<CanaryFunction, ServiceFunction>>;
  /** Alarms that stop the deployment of each function. CodeDeploy reads no composite alarms. */
  readonly objectives: readonly IAlarm[];
  /** False deploys new versions at once and whatever the alarms say, for a repair during an incident. */
  readonly isGradual: boolean;
}

/** The share of the invocations that CANARY_10PERCENT_5MINUTES gives to the new version. */
const canaryShare = 0.1;

const window = { period: Duration.minutes(5) };
const counted = { ...window, statistic: Stats.SAMPLE_COUNT };
const summed = { ...window, statistic: Stats.SUM };

const failedMessages = ({ folder }: ServiceFunction) =>
  serviceMetric('ProcessingLatency', folder, { outcome: 'failed' }, counted);

/** What each function counts as failed without a failure of its invocation. */
const failuresOf = {
  'accept-payment': ({ folder }: ServiceFunction) =>
    serviceMetric('RequestLatency', folder, { outcome: 'failed' }, counted),
  'charge-payment': failedMessages,
  'inquire-payment': failedMessages,
  'execute-refund': failedMessages,
  'relay-changes': ({ folder }: ServiceFunction) =>
    serviceMetric('OutboxRecordsNotPublished', folder, { outcome: 'failed' }, summed),
} as const;

/**
 * Deploys the functions that every payment needs as canaries: the alias `live` gives a tenth of the invocations to the
 * new version, and all of them after five minutes without an alarm. An alarm gives them back to the old version, and
 * CloudFormation rolls back the update.
 */
export class CanaryDeployments extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { functions, objectives, isGradual }: CanaryDeploymentsProps,
  ) {
    super(scope, id);
    const application = new LambdaApplication(this, 'Application');
    // The deployment groups add the managed policy AWSCodeDeployRoleForLambdaLimited.
    const role = new Role(this, 'Role', { assumedBy: trustInOwnAccount('codedeploy') });

    for (const folder of Object.keys(failuresOf) as CanaryFunction[]) {
      const one = functions[folder];
      new LambdaDeploymentGroup(this, one.node.id, {
        application,
        role,
        alias: one.addLiveAlias(),
        deploymentConfig: isGradual
          ? LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES
          : LambdaDeploymentConfig.ALL_AT_ONCE,
        alarms: [...objectives, this.failureAlarm(folder, one)],
        ignoreAlarmConfiguration: !isGradual,
        autoRollback: { failedDeployment: true, deploymentInAlarm: true },
      });
    }
  }

  /** Fires if at least half of what a canary gets fails. */
  private failureAlarm(folder: CanaryFunction, one: ServiceFunction): Alarm {
    return new Alarm(this, `${one.node.id}Failures`, {
      metric: new MathExpression({
        ...window,
        expression: '(FILL(failed, 0) + FILL(errors, 0)) / invocations',
        usingMetrics: {
          failed: failuresOf[folder](one),
          errors: one.metricErrors(summed),
          invocations: one.metricInvocations(summed),
        },
      }),
      threshold: canaryShare / 2,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: runbookLink('canary-failures'),
    });
  }
}
