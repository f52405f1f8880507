import { localAccount, localClientConfig } from '../../../dev/local/aws.ts';
import type { Deployment } from '../../support/cdk/deployment/deployed-resources.ts';
import type { DeployedFunction } from '../../support/cdk/deployment/functions.ts';
import { createFunctionPool, type FunctionPool, type OnInvocation } from './function-pool.ts';

export interface FunctionsOptions {
  readonly deployment: Deployment;
  /** The path of each function's bundle by folder. */
  readonly bundles: Readonly<Record<string, string>>;
  /** The DynamoDB endpoint. */
  readonly database: string;
  /** The DynamoDB endpoint of a function, if different. */
  readonly tablesFor?: (folder: string) => string;
  /** Environment variables besides those of the deployment: the URLs of the external systems. */
  readonly environment: Readonly<Record<string, string>>;
  /** The maximum environments per function. */
  readonly environments: (folder: string) => number;
  readonly onInvocation?: OnInvocation;
}

/** The AWS endpoint of the functions. */
const variables = (
  { folder, environment }: DeployedFunction,
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

/** The functions of the deployment; their environments start on demand. */
export const createFunctions = (options: FunctionsOptions, aws = options.database) => {
  const { deployment, bundles, environments, onInvocation: watch } = options;
  const pools = new Map<string, FunctionPool>();

  const poolOf = (folder: string): FunctionPool => {
    const known = pools.get(folder);
    if (known) return known;
    const deployed = deployment.functions.find((one) => one.folder === folder);
    const bundle = bundles[folder];
    if (!deployed || !bundle) throw new Error(`Function ${folder} is not in the deployment.`);
    const { timeoutMs } = deployed;
    const home = { folder, bundle, timeoutMs, environment: variables(deployed, options, aws) };
    const pool = createFunctionPool(home, environments(folder), watch);
    pools.set(folder, pool);

    return pool;
  };

  return {
    invoke: (folder: string, event: unknown) => poolOf(folder).invoke(event),
    warm: (folder: string, count: number) => poolOf(folder).warm(count),
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
};
