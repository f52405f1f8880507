import { kebabCase } from '../../../../cdk/constructs/names.ts';
import {
  type Fields,
  invokedFunctionOf,
  numberAt,
  optionalNumberAt,
  resourceNameOf,
  toList,
  toText,
  valueAt,
} from '../intrinsics.ts';
import type { Resource, Synthesis } from '../synthesis.ts';

interface EventSource {
  /** The folder of the function that receives the batches. */
  readonly folder: string;
  /** The maximum of records or messages in a batch. */
  readonly batchSize: number;
  /** The batching window. */
  readonly windowMs: number;
  /** Whether the function names the failed records; otherwise a batch fails or succeeds as a whole. */
  readonly reportsBatchItemFailures: boolean;
  /** Event patterns: a record that matches none is skipped. Without patterns, none is skipped. */
  readonly filters: readonly Fields[];
}

/** A function that reads a table's stream. */
export interface DeployedStream extends EventSource {
  readonly table: string;
  readonly startingPosition: string;
  /** Concurrent batches of one shard. The records of one key stay in order. */
  readonly parallelizationFactor: number;
  /** Retries of a failed batch; undefined: until its records leave the stream. */
  readonly maximumRetryAttempts?: number | undefined;
  /** The age at which a record is given up; undefined: when it leaves the stream. */
  readonly maximumRecordAgeMs?: number | undefined;
  /** Whether a failed batch is split in two for its next attempt. */
  readonly bisectBatchOnFunctionError: boolean;
  /** The queue that receives the position of a batch that was given up. */
  readonly onFailureQueue?: string | undefined;
}

/** A function that receives the messages of a queue. */
export interface DeployedConsumer extends EventSource {
  readonly queue: string;
  /** The maximum of concurrent batches, if the mapping limits it. */
  readonly maxConcurrency?: number | undefined;
  /** Provisioned pollers, each with up to ten concurrent batches. Without them, Lambda scales its own. */
  readonly pollers?: { readonly minimum: number; readonly maximum: number } | undefined;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
const defaults = { streamBatchSize: 100, queueBatchSize: 10, windowSeconds: 0, parallelization: 1 };

export const readStreams = (synthesis: Synthesis): readonly DeployedStream[] =>
  mappingsOf(synthesis)
    .filter(isStream)
    .map(({ properties }) => {
      const onFailure = valueAt(properties, 'DestinationConfig.OnFailure.Destination');
      const maxAgeSeconds = limitAt(properties, 'MaximumRecordAgeInSeconds');

      return {
        ...readSource(properties, defaults.streamBatchSize),
        table: resourceNameOf(properties.EventSourceArn),
        startingPosition: toText(properties.StartingPosition),
        parallelizationFactor: numberAt(
          properties,
          'ParallelizationFactor',
          defaults.parallelization,
        ),
        maximumRetryAttempts: limitAt(properties, 'MaximumRetryAttempts'),
        maximumRecordAgeMs: maxAgeSeconds === undefined ? undefined : maxAgeSeconds * 1_000,
        bisectBatchOnFunctionError: properties.BisectBatchOnFunctionError === true,
        onFailureQueue: onFailure === undefined ? undefined : resourceNameOf(onFailure),
      };
    });

export const readConsumers = (synthesis: Synthesis): readonly DeployedConsumer[] =>
  mappingsOf(synthesis)
    .filter((mapping) => !isStream(mapping))
    .map(({ properties }) => {
      const pollers = properties.ProvisionedPollerConfig;

      return {
        ...readSource(properties, defaults.queueBatchSize),
        queue: resourceNameOf(properties.EventSourceArn),
        maxConcurrency: optionalNumberAt(properties, 'ScalingConfig.MaximumConcurrency'),
        pollers:
          pollers === undefined
            ? undefined
            : {
                minimum: numberAt(pollers, 'MinimumPollers'),
                maximum: numberAt(pollers, 'MaximumPollers'),
              },
      };
    });

const mappingsOf = ({ all }: Synthesis) =>
  all('AWS::Lambda::EventSourceMapping').filter(({ properties }) => properties.Enabled !== false);

const isStream = ({ properties }: Resource) =>
  toText(properties.EventSourceArn).endsWith('.StreamArn');

/** A limit of a stream; -1 is the default and means none. */
const limitAt = (properties: Fields, path: string): number | undefined => {
  const limit = optionalNumberAt(properties, path);

  return limit === -1 ? undefined : limit;
};

const readSource = (properties: Fields, batchSize: number): EventSource => ({
  folder: kebabCase(invokedFunctionOf(properties.FunctionName)),
  batchSize: numberAt(properties, 'BatchSize', batchSize),
  windowMs: numberAt(properties, 'MaximumBatchingWindowInSeconds', defaults.windowSeconds) * 1_000,
  reportsBatchItemFailures: toList(properties.FunctionResponseTypes).includes(
    'ReportBatchItemFailures',
  ),
  filters: toList(valueAt(properties, 'FilterCriteria.Filters')).map((filter) =>
    JSON.parse(toText(valueAt(filter, 'Pattern'))),
  ),
});
