import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { ReconciliationReport } from '../../shared/application/reconciliation/reconcile.ts';
import { operatorScope } from '../../shared/http/routes.ts';
import { CliError } from '../cli/cli-error.ts';
import { localClientConfig } from '../local/aws.ts';
import { requestToken } from '../local/issuer.ts';
import { type Outputs, queuesOf, tablesOf } from '../local/outputs.ts';
import { type LocalStack, runningStack } from '../local/stack-descriptor.ts';
import { reconcileStack, reconcileStage } from '../ops/reconcile-stack.ts';
import { readStageOutputs } from '../ops/stage-outputs.ts';
import { describeModelledQuotas } from './quota-needs.ts';
import { type SignedIn, signIn } from './sign-in.ts';

/** A deployed stage, as the smoke test reaches it. */
export interface SmokeStage extends SignedIn {
  readonly apiUrl: string;
  /** SDK client configuration; empty if the environment has it. */
  readonly client: Partial<ReturnType<typeof localClientConfig>>;
  readonly tables: LocalStack['tables'];
  readonly queues: LocalStack['queues'];
  readonly pgWebhookSecretArn: string;
  readonly reconcile: () => Promise<ReconciliationReport>;
  /** One line for each quota of the account. */
  readonly describeQuotas: () => Promise<readonly string[]>;
}

/** Opens the stack of `npm start` for a buyer of this name. */
export const openLocalStage = async (name: string): Promise<SmokeStage> => {
  const stack = await runningStack();
  const { apiUrl, endpoint, tables, queues, pgWebhookSecretArn, tokenUrl } = stack;

  return {
    apiUrl,
    client: localClientConfig(endpoint),
    tables,
    queues,
    pgWebhookSecretArn,
    buyer: { userId: name, token: await requestToken(tokenUrl, { sub: name }) },
    operatorToken: await requestToken(tokenUrl, { sub: 'smoke-test', scope: operatorScope }),
    signOut: async () => {},
    reconcile: () => reconcileStack(stack),
    describeQuotas: async () => ['The local AWS has no Service Quotas: no quota is compared.'],
  };
};

/** Opens a deployed sandbox for a buyer of this name. Throws a CliError unless its gateway is the simulator. */
export const openDeployedStage = async (stage: string, name: string): Promise<SmokeStage> => {
  const outputs = await readStageOutputs(stage);
  const apiUrl = outputOf(outputs, 'ApiUrl');
  await requireSimulator(outputOf(outputs, 'FunctionChargePayment'));

  return {
    apiUrl,
    client: {},
    tables: tablesOf(outputs),
    queues: queuesOf(outputs),
    pgWebhookSecretArn: outputOf(outputs, 'PgWebhookSecretArn'),
    ...(await signIn(outputs, name)),
    reconcile: () => reconcileStage(stage),
    describeQuotas: describeModelledQuotas,
  };
};

const outputOf = (outputs: Outputs, key: string): string => {
  const value = outputs[key];
  if (value === undefined)
    throw new CliError(`The stage has no output ${key}: run npm run deploy first.`);

  return value;
};

const requireSimulator = async (FunctionName: string): Promise<void> => {
  const { Environment } = await new LambdaClient().send(
    new GetFunctionConfigurationCommand({ FunctionName }),
  );
  const adapter = Environment?.Variables?.PG_ADAPTER;
  if (adapter !== 'simulator')
    throw new CliError(
      `The gateway of the stage is ${adapter}: only the simulator loses an answer on request.`,
    );
};
