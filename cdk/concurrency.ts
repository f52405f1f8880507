import { subscriptions } from '../shared/domain/events/subscriptions.ts';
import type { Polling } from './constructs/event-consumer.ts';
import { type Settings, SettingsError } from './settings.ts';
import { type StageProfile, stages } from './stages.ts';

type Consumer = keyof typeof subscriptions;

type Concurrency = StageProfile['concurrency'];

/** What Lambda keeps for functions without reserved concurrency ("Lambda quotas", "Configuring reserved concurrency"). */
const keptUnreserved = 100;

const isConsumer = (folder: string): folder is Consumer => folder in subscriptions;

/** The table of the stage, with the numbers that the context replaces. */
export const concurrencyOf = (settings: Settings): Concurrency => {
  const { stage, reservedConcurrency, readConcurrency, chargeConcurrency } = settings;
  const replaced = {
    'accept-payment': reservedConcurrency,
    'get-payment': readConcurrency,
    'get-refund': readConcurrency,
    'charge-payment': chargeConcurrency,
    'inquire-payment': chargeConcurrency,
    'execute-refund': chargeConcurrency,
  };
  const given = Object.entries(replaced).filter(([, count]) => count !== undefined);

  return { ...stages[stage].concurrency, ...Object.fromEntries(given) };
};

/** An account with so small a quota can reserve nothing. Production needs its reservations. */
const reservesNothing = ({ stage, concurrencyQuota }: Settings): boolean =>
  stage !== 'production' && concurrencyQuota <= keptUnreserved;

/** The reserved concurrency of a function; undefined if it shares what is not reserved. */
export const reservedConcurrencyOf = (folder: string, settings: Settings): number | undefined => {
  if (reservesNothing(settings)) return undefined;
  const count = (concurrencyOf(settings) as Readonly<Record<string, number>>)[folder];
  if (count === undefined) return settings.functionConcurrency;
  if (isConsumer(folder) && !stages[settings.stage].reserveConsumers) return undefined;

  return count === 0 ? undefined : count;
};

/** Concurrent batches of a provisioned poller: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html */
const batchesPerPoller = 10;

/** The fewest that SQS allows ("AWS::Lambda::EventSourceMapping ProvisionedPollerConfig"). */
const minPollers = 2;

/**
 * How the queue of a consumer is polled: with as many concurrent batches as its function may have, or as many as fill its
 * provisioned pollers. A mapping cannot have both kinds of limits, so another number should not change the kind.
 */
export const pollingOf = (folder: Consumer, settings: Settings): Polling => {
  const { minChargePollers, chargeBatchSize } = stages[settings.stage] as StageProfile;
  const maxConcurrency = concurrencyOf(settings)[folder];
  if (folder !== 'charge-payment') return { maxConcurrency };
  const maximumPollers = Math.floor(maxConcurrency / batchesPerPoller);
  if (minChargePollers === undefined || maximumPollers < minPollers)
    return { maxConcurrency, batchSize: chargeBatchSize };

  return {
    batchSize: chargeBatchSize,
    provisionedPollerConfig: {
      minimumPollers: Math.min(minChargePollers, maximumPollers),
      maximumPollers,
    },
  };
};

/** Throws a SettingsError with the number of each function if the account cannot reserve the sum of all functions. */
export const checkConcurrency = (folders: readonly string[], settings: Settings): void => {
  const parts = folders
    .map((folder): [string, number] => [folder, reservedConcurrencyOf(folder, settings) ?? 0])
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a);
  const sum = parts.reduce((total, [, count]) => total + count, 0);
  const { concurrencyQuota } = settings;
  const available = concurrencyQuota - keptUnreserved;
  if (sum === 0 || sum <= available) return;

  throw new SettingsError(
    [
      "The reserved concurrency does not fit into the account's quota.",
      `✖ The functions reserve ${sum}. A quota of ${concurrencyQuota} leaves ${Math.max(0, available)}, because AWS keeps ${keptUnreserved} unreserved.`,
      ...parts.map(([folder, count]) => `  ${folder}: ${count}`),
      '  Lower the numbers, or raise the quota "Concurrent executions" of Lambda and give it as concurrencyQuota.',
    ].join('\n'),
  );
};
