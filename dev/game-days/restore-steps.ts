import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { timings } from '../../shared/domain/timings.ts';
import type { Listing } from '../../shared/simulators/gateway/listing.ts';
import { CliError } from '../cli/cli-error.ts';
import { stopFunction } from '../faults/concurrency.ts';
import { stopEventSources } from '../faults/event-sources.ts';
import { localClientConfig } from '../local/aws.ts';
import { deployService } from '../local/deploy.ts';
import { localContextOf } from '../local/local-stack.ts';
import { tablesOf } from '../local/outputs.ts';
import { writeStack } from '../local/stack-descriptor.ts';
import type { DrillContext } from './drill-context.ts';
import { checkRecovery } from './probes.ts';
import type { TableBackup } from './table-backups.ts';

/** A request of a buyer, to be repeated. */
interface PaymentRequest {
  readonly order: { readonly orderId: string };
  readonly key: string;
  readonly paymentId: string;
}

/** What later steps of a run need of earlier ones. */
interface Run {
  readonly suffix: string;
  unpaid?: { readonly orderId: string };
  inFlight?: string;
  backups?: readonly TableBackup[];
  repeated?: PaymentRequest;
  lost?: string;
  restoredTables?: string;
  isRestored?: boolean;
  start?: () => Promise<unknown>;
  accept?: () => Promise<unknown>;
}

const runs = new WeakMap<DrillContext, Run>();

export const runOf = (context: DrillContext): Run => {
  const run = runs.get(context) ?? { suffix: `drill-${Date.now()}` };
  runs.set(context, run);

  return run;
};

/** The value of an earlier step. */
export const required = <T>(value: T | undefined): T => {
  if (value === undefined) throw new CliError('An earlier step of the drill did not run.');

  return value;
};

export const waitUntilPaid = (context: DrillContext, paymentIds: readonly string[]) =>
  context.waitUntil(async () => {
    const { summary, isReached } = await checkRecovery(context);
    const paid = await Promise.all(paymentIds.map((id) => context.client.payment(id)));

    return {
      summary,
      isReached: isReached && paid.every(({ status }) => status === 'COMPLETED'),
    };
  });

/** Stops all event sources, the sweeper and accept. */
export const stopWriters = async (context: DrillContext): Promise<void> => {
  const { stack } = context.shell;
  const startSources = await stopEventSources(stack.endpoint);
  const startSweeper = await stopFunction(stack, 'sweep-payments');
  const accept = await stopFunction(stack, 'accept-payment');
  const start = () => Promise.all([startSources(), startSweeper()]);
  Object.assign(runOf(context), { start, accept });
  context.registerFaultRemoval(() => Promise.all([start(), accept()]));
};

/** Deploys the service with the restored tables. The relay's new event sources are enabled, so it stops them. */
export const deployRestored = async (context: DrillContext): Promise<void> => {
  const { stack, descriptor, signal } = context.shell;
  const run = runOf(context);
  const restoredTables = required(run.restoredTables);
  const directory = await mkdtemp(join(tmpdir(), 'aftercommit-restore-'));
  try {
    const deployed = { ...localContextOf(stack), restoredTables };
    const { endpoint } = stack;
    const outputs = await deployService({ endpoint, context: deployed, directory, signal });
    Object.assign(stack.tables, tablesOf(outputs));
  } finally {
    await rm(directory, { recursive: true });
  }
  writeStack(stack, descriptor);
  run.isRestored = true;
  await stopEventSources(stack.endpoint);
};

export const chargesOf = async ({ shell }: DrillContext, reference: string): Promise<Listing> => {
  const answer = await fetch(`${shell.stack.simulatorUrl}/charges?reference=${reference}`);

  return (await answer.json()) as Listing;
};

/** Refunds a charge as in the dashboard of the gateway. */
export const refundAtGateway = async (context: DrillContext, reference: string): Promise<void> => {
  const { charges } = await chargesOf(context, reference);
  for (const { amount, currency } of charges) {
    const answer = await fetch(`${context.shell.stack.simulatorUrl}/refunds`, {
      method: 'POST',
      headers: { 'idempotency-key': randomUUID(), 'content-type': 'application/json' },
      body: JSON.stringify({ reference, amount, currency }),
    });
    if (!answer.ok)
      throw new CliError(`The gateway answered ${answer.status}: ${await answer.text()}`);
  }
};

/** Sets the due time of a payment to the past and runs the sweeper, which otherwise takes a minute. */
export const sweepNow = async (
  { shell: { stack } }: DrillContext,
  paymentId: string,
): Promise<void> => {
  const config = localClientConfig(stack.endpoint);
  const dueAt = new Date(Date.now() - timings.local.sweepGraceMs - 1_000).toISOString();
  await DynamoDBDocumentClient.from(new DynamoDBClient(config)).send(
    new UpdateCommand({
      TableName: stack.tables.payments,
      Key: { paymentId },
      UpdateExpression: 'SET dueAt = :dueAt',
      ConditionExpression: 'attribute_exists(dueAt)',
      ExpressionAttributeValues: { ':dueAt': dueAt },
    }),
  );
  await new LambdaClient(config).send(
    new InvokeCommand({
      FunctionName: stack.functions['sweep-payments'],
      Payload: JSON.stringify({ tick: new Date().toISOString() }),
    }),
  );
};
