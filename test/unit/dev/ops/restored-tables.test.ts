import { describe, expect, it } from 'vitest';
import { prepareRestoredTables, type RestoreClients } from '../../../../dev/ops/restored-tables.ts';

const suffix = '20261130T205200Z';
const payments = `aftercommit-production-Payments-${suffix}`;
const rankings = `aftercommit-production-Rankings-${suffix}`;
const arnOf = (name: string) => `arn:aws:dynamodb:eu-central-1:111111111111:table/${name}`;

const resource = (id: string, Properties: object) => ({
  Type: 'AWS::DynamoDB::Table',
  Metadata: { 'aws:cdk:path': `aftercommit-production-data/${id}/Resource` },
  Properties: {
    DeletionProtectionEnabled: true,
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    ...Properties,
  },
});

const insights = { Enabled: true, Mode: 'THROTTLED_KEYS' };
const template = {
  Resources: {
    Bus: { Type: 'AWS::Events::EventBus', Metadata: {}, Properties: {} },
    PaymentsA: resource('Payments', {
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      WarmThroughput: { WriteUnitsPerSecond: 4_000 },
      ContributorInsightsSpecification: insights,
      GlobalSecondaryIndexes: [{ IndexName: 'byDue', ContributorInsightsSpecification: insights }],
    }),
    RankingsB: resource('Rankings', {
      TimeToLiveSpecification: { AttributeName: 'expiration', Enabled: true },
    }),
  },
};

interface Table {
  TableStatus: string;
  indexes: readonly string[];
  stream?: boolean;
  protection?: boolean;
  warm?: number;
  timeToLive?: boolean;
  recovery?: boolean;
  /** Each change takes longer than the command waits. */
  updatesForever?: boolean;
  /** DynamoDB still prepares the backups of the new table, and refuses its recovery once. */
  preparesBackups?: boolean;
  insights: string[];
}

type Polling = NonNullable<Parameters<typeof prepareRestoredTables>[3]>;

type Input = Record<string, unknown> & { TableName: string; IndexName?: string };

/** Tables as a restore leaves them, with the changes of the commands that they received. */
const restore = (changed: Partial<Table> = {}) => {
  const fresh = (indexes: readonly string[]): Table => ({
    TableStatus: 'ACTIVE',
    indexes,
    insights: [],
  });
  const tables: Record<string, Table> = {
    [payments]: { ...fresh(['byDue']), ...changed },
    [rankings]: fresh([]),
  };
  const writes: string[] = [];
  const send = async (command: { readonly input: Input }): Promise<unknown> => {
    const { input } = command;
    const { TableName, IndexName = 'table' } = input;
    const name = command.constructor.name.replace('Command', '');
    const table = tables[TableName];
    if (table === undefined)
      throw Object.assign(new Error(TableName), { name: 'ResourceNotFoundException' });
    if (/^Update/.test(name))
      writes.push(`${name} ${TableName === payments ? 'payments' : 'rankings'}`);
    if (name === 'UpdateTable') {
      if (table.updatesForever) table.TableStatus = 'UPDATING';
      table.stream ||= 'StreamSpecification' in input;
      table.protection ||= input.DeletionProtectionEnabled === true;
      table.warm =
        (input.WarmThroughput as { WriteUnitsPerSecond: number } | undefined)
          ?.WriteUnitsPerSecond ??
        table.warm ??
        0;
    }
    if (name === 'UpdateTimeToLive') table.timeToLive = true;
    if (name === 'UpdateContinuousBackups') {
      if (table.preparesBackups) {
        table.preparesBackups = false;
        throw Object.assign(new Error(), { name: 'ContinuousBackupsUnavailableException' });
      }
      table.recovery = true;
    }
    if (name === 'UpdateContributorInsights')
      table.insights.push(`${IndexName} ${input.ContributorInsightsMode}`);
    const { TableStatus, indexes } = table;

    return {
      Table: {
        TableStatus,
        TableArn: arnOf(TableName),
        GlobalSecondaryIndexes: indexes.map((one) => ({ IndexName: one, IndexStatus: 'ACTIVE' })),
        StreamSpecification: { StreamEnabled: table.stream ?? false },
        ...(table.stream && { LatestStreamArn: `${arnOf(TableName)}/stream/1` }),
        DeletionProtectionEnabled: table.protection ?? false,
        WarmThroughput: { WriteUnitsPerSecond: table.warm ?? 0 },
      },
      TimeToLiveDescription: { TimeToLiveStatus: table.timeToLive ? 'ENABLING' : 'DISABLED' },
      ContinuousBackupsDescription: {
        PointInTimeRecoveryDescription: {
          PointInTimeRecoveryStatus: table.recovery ? 'ENABLED' : 'DISABLED',
        },
      },
      ContributorInsightsStatus: table.insights.some((one) => one.startsWith(IndexName))
        ? 'ENABLED'
        : 'DISABLED',
    };
  };
  const clients = {
    cloudFormation: { send: async () => ({ TemplateBody: JSON.stringify(template) }) },
    dynamo: { send },
  } as unknown as RestoreClients;
  const prepare = (...polling: readonly Polling[]) =>
    prepareRestoredTables(clients, 'production', suffix, ...polling);

  return { tables, writes, prepare };
};

describe('the command for restored tables', () => {
  it('sets what a restore does not copy, and returns the ARN of each table or of its stream', async () => {
    const { tables, prepare } = restore();

    expect(await prepare()).toEqual({
      payments: `${arnOf(payments)}/stream/1`,
      rankings: arnOf(rankings),
    });
    expect(tables).toMatchObject({
      [payments]: {
        ...{ stream: true, protection: true, recovery: true, warm: 4_000 },
        insights: ['table THROTTLED_KEYS', 'byDue THROTTLED_KEYS'],
      },
      [rankings]: { stream: false, protection: true, recovery: true, timeToLive: true },
    });
  });

  it('waits until a new table can have point-in-time recovery', async () => {
    const { tables, prepare } = restore({ preparesBackups: true });

    await prepare();

    expect(tables[payments]).toMatchObject({ recovery: true });
  });

  it('ends with the table whose change takes too long, and continues in the next run', async () => {
    const { tables, prepare } = restore({ updatesForever: true });

    await expect(prepare({ timeoutMs: 0, intervalMs: 1 })).rejects.toThrow(
      `${payments} is still UPDATING: run this again later.`,
    );

    Object.assign(tables[payments] ?? {}, { updatesForever: false, TableStatus: 'ACTIVE' });
    expect(await prepare()).toMatchObject({ payments: `${arnOf(payments)}/stream/1` });
  });

  it('writes nothing when it is run again', async () => {
    const { writes, prepare } = restore();
    const first = await prepare();
    const count = writes.length;

    expect(await prepare()).toEqual(first);
    expect(writes).toHaveLength(count);
  });

  it.each([
    ['is still being restored', { TableStatus: 'CREATING' }, `${payments} is CREATING`],
    ['was restored without an index', { indexes: [] }, `${payments} has no index byDue`],
  ])('changes no table if one %s', async (_, changed, message) => {
    const { writes, prepare } = restore(changed);

    await expect(prepare()).rejects.toThrow(message);
    expect(writes).toEqual([]);
  });

  it('changes no table if one is missing', async () => {
    const { tables, writes, prepare } = restore();
    delete tables[rankings];

    await expect(prepare()).rejects.toThrow(`The table ${rankings} does not exist`);
    expect(writes).toEqual([]);
  });
});
