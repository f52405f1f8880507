import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { kebabCase } from '../../../cdk/constructs/names.ts';
import type { StageName } from '../../../cdk/stages.ts';
import { type Fields, type Json, toList, toText, valueAt } from '../../support/cdk/intrinsics.ts';
import { synthesize } from '../../support/cdk/synthesis.ts';

/** One deployed function. */
export interface PlannedFunction {
  /** Its folder under functions/. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly memoryMb: number;
}

export interface PlannedConsumer {
  readonly folder: string;
  readonly queue: string;
  readonly batchSize: number;
  /** The batching window. */
  readonly windowMs: number;
  /** The maximum concurrency, if the mapping limits it. */
  readonly maxConcurrency?: number;
}

export interface PlannedRule {
  readonly pattern: Fields;
  /** The names of target queues and state machines. */
  readonly targets: readonly string[];
}

/**
 * The deployed resources that a payment needs from accept to its final status, by the names of their
 * constructs.
 */
export interface Plan {
  readonly tables: readonly CreateTableCommandInput[];
  readonly functions: readonly PlannedFunction[];
  readonly streams: readonly {
    readonly table: string;
    readonly folder: string;
    readonly batchSize: number;
  }[];
  readonly consumers: readonly PlannedConsumer[];
  readonly rules: readonly PlannedRule[];
  /** Definitions in the Amazon States Language; functions are named by their folders. */
  readonly stateMachines: Readonly<Record<string, string>>;
}

/** `Orders.StreamArn` is the stream of `Orders`, `Consumer/Queue.Arn` is that queue. */
const resourceName = (arn: Json | undefined) => toText(arn ?? '').replace(/\.(Stream)?Arn$/, '');

/** Reads the plan from the synthesized templates, so that the bench always runs the deployed service. */
export const readPlan = (
  stage: StageName,
  context: Readonly<Record<string, string>> = {},
): Plan => {
  const template = synthesize({ stage, ...context });
  const propertiesOf = (type: string) =>
    template.all(type).map(({ name, properties }) => ({ name, properties }));
  const mappings = propertiesOf('AWS::Lambda::EventSourceMapping').map(({ properties }) => ({
    source: toText(properties.EventSourceArn ?? ''),
    folder: kebabCase(resourceName(properties.FunctionName)),
    batchSize: Number(properties.BatchSize),
    windowMs: Number(properties.MaximumBatchingWindowInSeconds ?? 0) * 1_000,
    maxConcurrency: valueAt(properties, 'ScalingConfig.MaximumConcurrency') as number | undefined,
  }));
  const isStream = ({ source }: (typeof mappings)[number]) => source.endsWith('.StreamArn');

  return {
    tables: propertiesOf('AWS::DynamoDB::Table').map(toTable),
    functions: propertiesOf('AWS::Lambda::Function')
      .filter(
        ({ properties }) => valueAt(properties, 'Environment.Variables.TIMINGS') !== undefined,
      )
      .map(({ name, properties }) => ({
        folder: kebabCase(name),
        environment: valueAt(properties, 'Environment.Variables') as Record<string, string>,
        timeoutMs: Number(properties.Timeout) * 1_000,
        memoryMb: Number(properties.MemorySize),
      })),
    streams: mappings
      .filter(isStream)
      .map(({ source, folder, batchSize }) => ({ table: resourceName(source), folder, batchSize })),
    consumers: mappings
      .filter((mapping) => !isStream(mapping))
      .map(({ source, maxConcurrency, ...mapping }) => ({
        ...mapping,
        queue: resourceName(source),
        ...(maxConcurrency !== undefined && { maxConcurrency }),
      })),
    rules: propertiesOf('AWS::Events::Rule').map(({ properties }) => ({
      pattern: (properties.EventPattern ?? {}) as Fields,
      targets: toList(properties.Targets).map((target) => resourceName(valueAt(target, 'Arn'))),
    })),
    stateMachines: Object.fromEntries(
      propertiesOf('AWS::StepFunctions::StateMachine').map(({ name, properties }) => [
        name,
        toText(properties.DefinitionString ?? '').replaceAll(
          /"Resource":"(\w+)\.Arn"/g,
          (_, id: string) => `"Resource":"${kebabCase(id)}"`,
        ),
      ]),
    ),
  };
};

const toTable = ({ name, properties }: { name: string; properties: Fields }) =>
  ({
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: properties.KeySchema,
    AttributeDefinitions: properties.AttributeDefinitions,
    ...(properties.GlobalSecondaryIndexes !== undefined && {
      GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes,
    }),
    ...(properties.StreamSpecification !== undefined && {
      StreamSpecification: { ...(properties.StreamSpecification as Fields), StreamEnabled: true },
    }),
  }) as unknown as CreateTableCommandInput;
