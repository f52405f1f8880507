import { Duration } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import {
  type Conditions,
  type IRole,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import {
  Alias,
  type CfnEventSourceMapping,
  type CfnFunction,
  EventSourceMapping,
  type EventSourceMappingOptions,
  type IFunction,
  Function as LambdaFunction,
  LoggingFormat,
  RecursiveLoop,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { metricNamespace } from '../../shared/observability/metric-catalogue.ts';
import type { StageProfile } from '../stages.ts';
import type { ServiceTable } from './aggregate-table.ts';
import { type BuildConstants, bundledCode } from './bundle.ts';
import { pascalCase } from './names.ts';
import type { ServiceQueue } from './service-queue.ts';

export interface ServiceFunctionProps {
  readonly profile: StageProfile;
  readonly timeout?: Duration;
  readonly memorySize?: number;
  readonly reservedConcurrentExecutions?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly constants?: BuildConstants;
}

/**
 * The function of one folder under functions/. Its role may only write its own log. Each `grant...` adds one permission
 * together with the environment variable that names its resource.
 *
 * On AWS, X-Ray traces it. AWS defines the two actions of a trace without resources, so they have the resource `*`.
 */
export class ServiceFunction<Folder extends string = string> extends LambdaFunction {
  declare readonly timeout: Duration;
  declare readonly role: IRole;
  readonly folder: Folder;
  private hasReadAtInit = false;
  private live?: Alias;

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
      tracing: profile.onAws ? Tracing.ACTIVE : Tracing.DISABLED,
      handler: 'index.handler',
      code: bundledCode(folder, constants),
    });
    this.folder = folder;
  }

  /** What invokes the function invokes this: its alias, if it has one, or the function itself. */
  get invoked(): IFunction {
    return this.live ?? this;
  }

  /** Publishes a version with each change of the function. Call it before anything invokes the function. */
  addLiveAlias(): Alias {
    this.live = new Alias(this, 'Live', { aliasName: 'live', version: this.currentVersion });

    return this.live;
  }

  /** The mapping has the same logical id with and without an alias, so that it keeps its position in a stream. */
  override addEventSourceMapping(
    id: string,
    options: EventSourceMappingOptions,
  ): EventSourceMapping {
    const mapping = new EventSourceMapping(this, id, { target: this, ...options });
    if (this.live)
      (mapping.node.defaultChild as CfnEventSourceMapping).functionName = this.live.functionArn;

    return mapping;
  }

  grantGet(table: ServiceTable): this {
    return this.grantTableActions(table, 'GetItem');
  }

  /** Reads items in one request, together with items of other tables. */
  grantBatchGet(table: ServiceTable): this {
    return this.grantTableActions(table, 'BatchGetItem');
  }

  /** Lets a transaction depend on an item that it does not write. */
  grantConditionCheck(table: ServiceTable): this {
    return this.grantTableActions(table, 'ConditionCheckItem');
  }

  grantPut(table: ServiceTable): this {
    return this.grantTableActions(table, 'PutItem');
  }

  grantUpdate(table: ServiceTable): this {
    return this.grantTableActions(table, 'UpdateItem');
  }

  grantScan(table: ServiceTable): this {
    return this.grantTableActions(table, 'Scan');
  }

  grantQuery(table: ServiceTable): this {
    return this.grantTableActions(table, 'Query');
  }

  grantQueryIndex(table: ServiceTable, index: string): this {
    return this.addEnvironment(table.variable, table.tableName).grantActions(
      ['dynamodb:Query'],
      `${table.tableArn}/index/${index}`,
    );
  }

  /** The actions that the idempotency layer of Powertools needs. */
  grantIdempotencyStore(idempotency: ServiceTable): this {
    return this.grantTableActions(idempotency, 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem');
  }

  grantSend(queue: ServiceQueue, variable: string): this {
    return this.addEnvironment(variable, queue.queueUrl).grantSendOnly(queue);
  }

  /** The permission without a variable: the function knows the queue by other means. */
  grantSendOnly(queue: ServiceQueue): this {
    queue.allowSender(this.role);

    return this.grantActions(['sqs:SendMessage'], queue.queueArn);
  }

  /**
   * Lets the function send copies of its messages to the queue it reads. By default Lambda stops such a loop after
   * about 16 rounds: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
   */
  allowRequeue(queue: ServiceQueue): this {
    (this.node.defaultChild as CfnFunction).recursiveLoop = RecursiveLoop.ALLOW;

    return this.grantSendOnly(queue);
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

  /** Lets the function invoke another one, whose ARN is in the variable. */
  grantCall({ invoked }: ServiceFunction, variable: string): this {
    return this.addEnvironment(variable, invoked.functionArn).grantActions(
      ['lambda:InvokeFunction'],
      invoked.functionArn,
    );
  }

  grantActions(actions: string[], resource: string, conditions: Conditions = {}): this {
    this.addToRolePolicy(new PolicyStatement({ actions, resources: [resource], conditions }));

    return this;
  }

  /** Names the first table that the function may read as the one of the read at initialization. */
  private readAtInit({ variable, keyAttributes }: ServiceTable): void {
    if (this.hasReadAtInit) return;
    this.hasReadAtInit = true;
    this.addEnvironment('INIT_READ', [variable, ...keyAttributes].join(' '));
  }

  private grantTableActions(table: ServiceTable, ...actions: string[]): this {
    if (actions.includes('GetItem')) this.readAtInit(table);

    return this.addEnvironment(table.variable, table.tableName).grantActions(
      actions.map((action) => `dynamodb:${action}`),
      table.tableArn,
      table.isKeyedByFunction ? ownKeysOnly(this.folder) : {},
    );
  }
}

/** Every action on an item names its partition key, so that the condition is never met by a lack of keys. */
const ownKeysOnly = (folder: string): Conditions => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${folder}#*`] },
});

/** Lambda supports log levels only in JSON format. Our own lines are JSON already and stay unchanged. */
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
