import { localAccount, localClientConfig } from '../../../dev/local/aws.ts';
import { createFunctionPool, type FunctionPool, type OnInvocation } from './function-pool.ts';
import type { Plan, PlannedFunction } from './plan.ts';

export interface FunctionsOptions {
  readonly plan: Plan;
  /** Path of each function's bundle, by folder. */
  readonly bundles: Readonly<Record<string, string>>;
  /** Where DynamoDB is. */
  readonly database: string;
  /** Where a function finds its tables, if not there. */
  readonly tablesFor?: (folder: string) => string;
  /** Variables of the functions beside those of the plan: where the PG and the receiving systems are. */
  readonly environment: Readonly<Record<string, string>>;
  /** Environments of a function at a time. */
  readonly environments: (folder: string) => number;
  readonly onInvocation?: OnInvocation;
}

/** Where the functions find AWS. */
const variables = (
  { folder, environment }: PlannedFunction,
  { database, tablesFor = () => database, environment: extra }: FunctionsOptions,
  aws: string,
): Readonly<Record<string, string>> => {
  const { credentials } = localClientConfig(aws);

  return {
    ...environment,
    ...extra,
    ...Object.fromEntries(
      Object.entries(environment)
        .filter(([name]) => name.endsWith('QUEUE_URL'))
        .map(([name, queue]) => [name, `${aws}/queues/${encodeURIComponent(queue)}`]),
    ),
    AWS_ENDPOINT_URL: aws,
    AWS_ENDPOINT_URL_DYNAMODB: tablesFor(folder),
    AWS_REGION: localAccount.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
};

/** The functions of the plan, each with its environments, which start when they are needed. */
export const createFunctions = (options: FunctionsOptions, aws = options.database) => {
  const { plan, bundles, environments, onInvocation: watch } = options;
  const pools = new Map<string, FunctionPool>();

  const poolOf = (folder: string): FunctionPool => {
    const known = pools.get(folder);
    if (known) return known;
    const planned = plan.functions.find((one) => one.folder === folder);
    const bundle = bundles[folder];
    if (!planned || !bundle) throw new Error(`There is no function ${folder}.`);
    const { timeoutMs } = planned;
    const home = { folder, bundle, timeoutMs, environment: variables(planned, options, aws) };
    const pool = createFunctionPool(home, environments(folder), watch);
    pools.set(folder, pool);

    return pool;
  };

  return {
    invoke: (folder: string, event: unknown) => poolOf(folder).invoke(event),
    warm: (folder: string) => poolOf(folder).warm(),
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
};
