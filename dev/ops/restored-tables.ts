import { CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import {
  type ContributorInsightsMode,
  DescribeContinuousBackupsCommand,
  DescribeContributorInsightsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  type StreamSpecification,
  type TableDescription,
  type TimeToLiveSpecification,
  UpdateContinuousBackupsCommand,
  UpdateContributorInsightsCommand,
  UpdateTableCommand,
  type UpdateTableCommandInput,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { CliError } from '../cli/cli-error.ts';
import { pollUntil } from '../cli/poll-until.ts';
import { localClientConfig } from '../local/aws.ts';
import { camelCase } from '../local/outputs.ts';
import { runningStack } from '../local/stack-descriptor.ts';

interface InsightsSpecification {
  readonly Enabled: boolean;
  readonly Mode?: ContributorInsightsMode;
}

/** The settings of a table in the template of the data stack that a restore does not copy, and its indexes. */
interface TableSettings {
  readonly StreamSpecification?: StreamSpecification;
  readonly TimeToLiveSpecification?: TimeToLiveSpecification;
  readonly PointInTimeRecoverySpecification?: { readonly PointInTimeRecoveryEnabled?: boolean };
  readonly DeletionProtectionEnabled?: boolean;
  readonly WarmThroughput?: { readonly WriteUnitsPerSecond?: number };
  readonly ContributorInsightsSpecification?: InsightsSpecification;
  readonly GlobalSecondaryIndexes?: readonly {
    readonly IndexName: string;
    readonly ContributorInsightsSpecification?: InsightsSpecification;
  }[];
}

interface Template {
  readonly Resources: Readonly<
    Record<
      string,
      {
        readonly Type: string;
        readonly Properties: TableSettings;
        readonly Metadata: Readonly<Record<string, string>>;
      }
    >
  >;
}

export interface RestoreClients {
  readonly cloudFormation: Pick<CloudFormationClient, 'send'>;
  readonly dynamo: Pick<DynamoDBClient, 'send'>;
}

/** The name of the table that a table is restored to. The id is that of the data stack, such as `LoyaltyPoints`. */
export const restoredNameOf = (stage: string, id: string, suffix: string): string =>
  `aftercommit-${stage}-${id}-${suffix}`;

const defaultPolling = { timeoutMs: 600_000, intervalMs: 500 };

type Polling = typeof defaultPolling;

/**
 * Gives the restored tables `aftercommit-{stage}-{table}-{suffix}` what a restore does not copy: stream, time to live,
 * point-in-time recovery, deletion protection, warm throughput and contributor insights, as the template of the data
 * stack has them. Returns the context `restoredTables`. Writes only what differs, so that it can be run again.
 *
 * Throws a CliError if a table is missing, is still being restored, lacks an index, or takes longer than the polling.
 */
export const prepareRestoredTables = async (
  { cloudFormation, dynamo }: RestoreClients,
  stage: string,
  suffix: string,
  polling: Polling = defaultPolling,
): Promise<Readonly<Record<string, string>>> => {
  const { TemplateBody = '' } = await cloudFormation.send(
    new GetTemplateCommand({ StackName: `aftercommit-${stage}-data` }),
  );
  const { Resources }: Template = JSON.parse(TemplateBody);
  const tables = Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::DynamoDB::Table')
    .map(({ Metadata, Properties: settings }) => {
      const id = Metadata['aws:cdk:path']?.split('/')[1] ?? '';

      return { id, settings, name: restoredNameOf(stage, id, suffix) };
    });
  // All are checked before the first is changed.
  for (const { name, settings } of tables) await checkRestored(dynamo, name, settings);
  const arns: Record<string, string> = {};
  for (const { id, name, settings } of tables)
    arns[camelCase(id)] = await applySettings(dynamo, name, settings, polling);

  return arns;
};

const describe = async (
  dynamo: RestoreClients['dynamo'],
  TableName: string,
): Promise<TableDescription> => {
  const { Table } = await dynamo
    .send(new DescribeTableCommand({ TableName }))
    .catch((error: Error) => {
      throw error.name === 'ResourceNotFoundException'
        ? new CliError(`The table ${TableName} does not exist: restore it first, with all others.`)
        : error;
    });

  return Table ?? {};
};

const isActive = ({ TableStatus, GlobalSecondaryIndexes = [] }: TableDescription) =>
  TableStatus === 'ACTIVE' &&
  GlobalSecondaryIndexes.every(({ IndexStatus }) => IndexStatus === 'ACTIVE');

const checkRestored = async (
  dynamo: RestoreClients['dynamo'],
  name: string,
  { GlobalSecondaryIndexes: expected = [] }: TableSettings,
): Promise<void> => {
  const table = await describe(dynamo, name);
  const missing = expected.filter(
    ({ IndexName }) => !table.GlobalSecondaryIndexes?.some((one) => one.IndexName === IndexName),
  );
  if (missing.length > 0)
    throw new CliError(
      `${name} has no index ${missing.map(({ IndexName }) => IndexName).join(', ')}: restore it with its indexes.`,
    );
  if (!isActive(table))
    throw new CliError(`${name} is ${table.TableStatus}: wait until all tables are ACTIVE.`);
};

/** Applies what differs, and returns the ARN of the stream, or of the table if it needs none. */
const applySettings = async (
  dynamo: RestoreClients['dynamo'],
  TableName: string,
  settings: TableSettings,
  polling: Polling,
): Promise<string> => {
  const { StreamSpecification, TimeToLiveSpecification, GlobalSecondaryIndexes = [] } = settings;
  const before = await describe(dynamo, TableName);
  // DynamoDB makes one kind of change at a time.
  const update = async (change: Omit<UpdateTableCommandInput, 'TableName'>) => {
    await dynamo.send(new UpdateTableCommand({ TableName, ...change }));
    const after = await pollUntil(() => describe(dynamo, TableName), isActive, polling);
    if (!isActive(after))
      throw new CliError(`${TableName} is still ${after.TableStatus}: run this again later.`);
  };
  if (StreamSpecification && !before.StreamSpecification?.StreamEnabled)
    await update({ StreamSpecification: { ...StreamSpecification, StreamEnabled: true } });
  if (settings.DeletionProtectionEnabled && !before.DeletionProtectionEnabled)
    await update({ DeletionProtectionEnabled: true });
  const { WriteUnitsPerSecond = 0 } = settings.WarmThroughput ?? {};
  if (WriteUnitsPerSecond > (before.WarmThroughput?.WriteUnitsPerSecond ?? 0))
    await update({ WarmThroughput: { WriteUnitsPerSecond } });
  if (TimeToLiveSpecification) await applyTimeToLive(dynamo, TableName, TimeToLiveSpecification);
  if (settings.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled)
    await applyRecovery(dynamo, TableName, polling);
  await applyInsights(dynamo, { TableName }, settings.ContributorInsightsSpecification);
  for (const { IndexName, ContributorInsightsSpecification } of GlobalSecondaryIndexes)
    await applyInsights(dynamo, { TableName, IndexName }, ContributorInsightsSpecification);
  const { TableArn = '', LatestStreamArn = '' } = await describe(dynamo, TableName);

  return StreamSpecification ? LatestStreamArn : TableArn;
};

const applyTimeToLive = async (
  dynamo: RestoreClients['dynamo'],
  TableName: string,
  { AttributeName }: TimeToLiveSpecification,
): Promise<void> => {
  const { TimeToLiveDescription } = await dynamo.send(new DescribeTimeToLiveCommand({ TableName }));
  if (`${TimeToLiveDescription?.TimeToLiveStatus}`.startsWith('ENABL')) return;
  await dynamo.send(
    new UpdateTimeToLiveCommand({
      TableName,
      TimeToLiveSpecification: { AttributeName, Enabled: true },
    }),
  );
};

const applyRecovery = async (
  dynamo: RestoreClients['dynamo'],
  TableName: string,
  polling: Polling,
): Promise<void> => {
  const { ContinuousBackupsDescription } = await dynamo.send(
    new DescribeContinuousBackupsCommand({ TableName }),
  );
  const { PointInTimeRecoveryDescription } = ContinuousBackupsDescription ?? {};
  if (PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED') return;
  // DynamoDB refuses it while it prepares the backups of a new table.
  const isEnabled = await pollUntil(
    () =>
      dynamo
        .send(
          new UpdateContinuousBackupsCommand({
            TableName,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          }),
        )
        .then(
          () => true,
          (error: Error) => {
            if (error.name !== 'ContinuousBackupsUnavailableException') throw error;
            return false;
          },
        ),
    Boolean,
    polling,
  );
  if (!isEnabled)
    throw new CliError(`${TableName} cannot have point-in-time recovery yet: run this again.`);
};

const applyInsights = async (
  dynamo: RestoreClients['dynamo'],
  target: { readonly TableName: string; readonly IndexName?: string },
  specification: InsightsSpecification | undefined,
): Promise<void> => {
  if (!specification?.Enabled) return;
  const { ContributorInsightsStatus } = await dynamo.send(
    new DescribeContributorInsightsCommand(target),
  );
  if (`${ContributorInsightsStatus}`.startsWith('ENABL')) return;
  await dynamo.send(
    new UpdateContributorInsightsCommand({
      ...target,
      ContributorInsightsAction: 'ENABLE',
      ...(specification.Mode && { ContributorInsightsMode: specification.Mode }),
    }),
  );
};

/** The clients of a stage with the AWS credentials of the environment, or of the local stack. */
export const openRestore = async (stage: string | undefined): Promise<RestoreClients> => {
  const config = stage === undefined ? localClientConfig((await runningStack()).endpoint) : {};

  return { cloudFormation: new CloudFormationClient(config), dynamo: new DynamoDBClient(config) };
};
