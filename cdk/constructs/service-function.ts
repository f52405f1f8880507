import { Duration } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  type CfnFunction,
  Function as LambdaFunction,
  LoggingFormat,
  RecursiveLoop,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { metricNamespace } from '../../shared/observability/metric-catalogue.ts';
import type { StageProfile } from '../stages.ts';
import type { AggregateTable } from './aggregate-table.ts';
import { type BuildConstants, bundledCode } from './bundle.ts';
import { pascalCase } from './names.ts';

export interface ServiceFunctionProps {
  readonly profile: StageProfile;
  readonly timeout?: Duration;
  readonly memorySize?: number;
  readonly reservedConcurrentExecutions?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly constants?: BuildConstants;
}

/**
 * One folder under functions/. Its role may write its own log and nothing else; each `may...` adds one right and the
 * variable that names what the right is for, so that neither comes without the other.
 *
 * No X-Ray: its permissions know no resource but `*`. Each log line carries the payment's id instead.
 */
export class ServiceFunction<Folder extends string = string> extends LambdaFunction {
  declare readonly timeout: Duration;
  readonly folder: Folder;

  constructor(scope: Construct, folder: Folder, props: ServiceFunctionProps) {
    const { profile, environment, constants = {}, timeout = Duration.seconds(10), ...rest } = props;
    const id = pascalCase(folder);

    super(scope, id, {
      memorySize: 512,
      ...rest,
      timeout,
      environment: {
        ...environment,
        TIMINGS: profile.timings,
        POWERTOOLS_SERVICE_NAME: folder,
        POWERTOOLS_METRICS_NAMESPACE: metricNamespace,
      },
      ...logsAndRole(scope, id, profile),
      ...loggingOptions(profile),
      runtime: Runtime.NODEJS_24_X,
      architecture: profile.architecture,
      handler: 'index.handler',
      code: bundledCode(folder, constants),
    });
    this.folder = folder;
  }

  grantGet(table: AggregateTable): this {
    return this.grantTableActions(table, 'GetItem');
  }

  /** In one request with items of other tables. */
  grantBatchGet(table: AggregateTable): this {
    return this.grantTableActions(table, 'BatchGetItem');
  }

  /** Makes a transaction depend on an item that it leaves alone. */
  grantConditionCheck(table: AggregateTable): this {
    return this.grantTableActions(table, 'ConditionCheckItem');
  }

  grantPut(table: AggregateTable): this {
    return this.grantTableActions(table, 'PutItem');
  }

  grantUpdate(table: AggregateTable): this {
    return this.grantTableActions(table, 'UpdateItem');
  }

  grantScan(table: AggregateTable): this {
    return this.grantTableActions(table, 'Scan');
  }

  grantQuery(table: AggregateTable): this {
    return this.grantTableActions(table, 'Query');
  }

  grantQueryIndex(table: AggregateTable, index: string): this {
    return this.addEnvironment(table.variable, table.tableName).grantActions(
      ['dynamodb:Query'],
      `${table.tableArn}/index/${index}`,
    );
  }

  /** What Powertools needs to keep one answer for each key. */
  grantIdempotencyStore(idempotency: AggregateTable): this {
    return this.grantTableActions(idempotency, 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem');
  }

  grantSend(queue: IQueue, variable: string): this {
    return this.addEnvironment(variable, queue.queueUrl).grantActions(
      ['sqs:SendMessage'],
      queue.queueArn,
    );
  }

  /**
   * Puts copies of its messages back into the queue that it reads. Lambda takes that for a loop gone wild and ends it after some sixteen
   * rounds, unless it is told that it is meant: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
   */
  allowRequeue(queue: IQueue): this {
    (this.node.defaultChild as CfnFunction).recursiveLoop = RecursiveLoop.ALLOW;

    return this.grantActions(['sqs:SendMessage'], queue.queueArn);
  }

  grantPublish(bus: IEventBus): this {
    return this.addEnvironment('EVENT_BUS_NAME', bus.eventBusName).grantActions(
      ['events:PutEvents'],
      bus.eventBusArn,
    );
  }

  grantReadSecret(secret: ISecret, variable: string): this {
    return this.addEnvironment(variable, secret.secretArn).grantActions(
      ['secretsmanager:GetSecretValue'],
      secret.secretArn,
    );
  }

  grantActions(actions: string[], resource: string): this {
    this.addToRolePolicy(new PolicyStatement({ actions, resources: [resource] }));

    return this;
  }

  private grantTableActions(table: AggregateTable, ...actions: string[]): this {
    return this.addEnvironment(table.variable, table.tableName).grantActions(
      actions.map((action) => `dynamodb:${action}`),
      table.tableArn,
    );
  }
}

/** Levels go with JSON alone. What we write is JSON already, and stays as it is. */
const loggingOptions = ({ systemLogLevel }: StageProfile) =>
  systemLogLevel && { loggingFormat: LoggingFormat.JSON, systemLogLevelV2: systemLogLevel };

// The managed policy AWSLambdaBasicExecutionRole may write to every log group of the account.
const logsAndRole = (scope: Construct, id: string, profile: StageProfile) => {
  const logGroup = new LogGroup(scope, `${id}Logs`, {
    retention: profile.logRetention,
    removalPolicy: profile.removalPolicy,
  });
  const role = new Role(scope, `${id}Role`, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  });
  role.addToPolicy(
    new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    }),
  );

  return { logGroup, role };
};
