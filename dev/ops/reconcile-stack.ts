import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  type ReconciliationReport,
  reconcile,
} from '../../shared/application/reconciliation/reconcile.ts';
import { systemTimers } from '../../shared/config/system-clock.ts';
import { timings } from '../../shared/domain/timings.ts';
import { chargeListFromEnv } from '../../shared/gateway/gateway-from-env.ts';
import { sendHttp } from '../../shared/gateway/http-exchange.ts';
import { createSimulatorChargeList } from '../../shared/gateway/simulator/charge-list.ts';
import { createReconciliationReader } from '../../shared/persistence/reconciliation-reader.ts';
import { CliError } from '../cli/cli-error.ts';
import { localClientConfig } from '../local/aws.ts';
import { tablesOf } from '../local/outputs.ts';
import type { LocalStack } from '../local/stack-descriptor.ts';
import { createItemDatabase } from './stage-database.ts';
import { readStageOutputs } from './stage-outputs.ts';

const pgTimeoutMs = 30_000;

/** Reconciles a local stack, without a limit on the number of items. */
export const reconcileStack = ({
  endpoint,
  tables,
  simulatorUrl: url,
}: Pick<LocalStack, 'endpoint' | 'tables' | 'simulatorUrl'>): Promise<ReconciliationReport> => {
  const db = createItemDatabase(localClientConfig(endpoint));
  const { charges } = createSimulatorChargeList({
    url,
    timeoutMs: pgTimeoutMs,
    timers: systemTimers,
    exchange: sendHttp,
  });

  return reconcile(createReconciliationReader({ db, tables, charges }));
};

/** Reconciles a deployed stage with the gateway that its functions use. */
export const reconcileStage = async (stage: string): Promise<ReconciliationReport> => {
  const outputs = await readStageOutputs(stage);
  const { FunctionReconcileLedger: FunctionName } = outputs;
  if (FunctionName === undefined) {
    throw new CliError(`The stage ${stage} has no reconciliation yet: run npm run deploy first.`);
  }
  const { Environment } = await new LambdaClient().send(
    new GetFunctionConfigurationCommand({ FunctionName }),
  );
  const { Variables: variables = {} } = Environment ?? {};
  // A bundle has the adapter built in. Here the process's environment selects it.
  if (variables.PG_ADAPTER) process.env.PG_ADAPTER = variables.PG_ADAPTER;
  const { charges } = chargeListFromEnv(variables, { ...timings.cloud, pgTimeoutMs });
  const db = createItemDatabase({});

  return reconcile(createReconciliationReader({ db, tables: tablesOf(outputs), charges }));
};
