import type { AggregateTable, ServiceTable } from './constructs/aggregate-table.ts';
import type { Tables } from './data-stack.ts';
import { type Settings, SettingsError } from './settings.ts';

/** The tables that the service uses, by name: those of the data stack, or tables that were restored from them. */
export type ServiceTables = { readonly [Name in keyof Tables]: ServiceTable };

type RestoreSettings = Pick<Settings, 'stage' | 'account' | 'region' | 'restoredTables'>;

/** What an ARN of a table, or of its stream, says. */
interface TableArn {
  readonly region: string;
  readonly account: string;
  readonly tableName: string;
  readonly tableArn: string;
  readonly streamArn?: string;
}

/**
 * The tables of the data stack, or the restored ones if the context has `restoredTables`. Throws a SettingsError that
 * names each table that is missing, unknown, or not of the same restore as the others.
 */
export const serviceTablesOf = (tables: Tables, settings: RestoreSettings): ServiceTables => {
  const { restoredTables } = settings;
  if (restoredTables === undefined) return tables;

  const problems = problemsOf(tables, restoredTables, settings);
  if (problems.length > 0)
    throw new SettingsError(
      `The CDK context restoredTables is not valid.\n${problems.map((one) => `✖ ${one}`).join('\n')}`,
    );

  return Object.fromEntries(
    Object.entries(tables).map(([name, table]) => [
      name,
      restoredTable(table, parseTableArn(restoredTables[name] ?? '')),
    ]),
  ) as ServiceTables;
};

/** A restored table in the place of the table of the data stack. */
const restoredTable = (table: AggregateTable, restored: TableArn | undefined): ServiceTable => {
  const { node, variable, keyAttributes, isKeyedByFunction, indexes } = table;
  const { tableName = '', tableArn = '', streamArn } = restored ?? {};

  return {
    ...{ node, variable, keyAttributes, isKeyedByFunction, indexes, tableName, tableArn },
    get requiredStreamArn() {
      return streamArn ?? table.requiredStreamArn;
    },
  };
};

const problemsOf = (
  tables: Tables,
  restored: Readonly<Record<string, string>>,
  { stage, account, region }: RestoreSettings,
): readonly string[] => {
  const unknown = Object.keys(restored)
    .filter((name) => !Object.hasOwn(tables, name))
    .map((name) => `Unknown table "${name}".`);
  const arns = Object.entries(tables).map(([name, table]) => ({
    name,
    table,
    arn: parseTableArn(restored[name] ?? ''),
  }));
  const named = arns.flatMap(({ table, arn }) => (arn ? [{ table, arn }] : []));
  const suffix = mostFrequent(named.map(({ table, arn }) => suffixOf(arn.tableName, stage, table)));
  const place = {
    account: account ?? mostFrequent(named.map(({ arn }) => arn.account)),
    region: region ?? mostFrequent(named.map(({ arn }) => arn.region)),
  };

  return [
    ...unknown,
    ...arns.flatMap(({ name, table, arn }) => {
      if (restored[name] === undefined) return [`${name} is missing: a restore has all tables.`];
      if (arn === undefined) return [`${name} must be the ARN of a table or of its stream.`];
      const hasStream = table.tableStreamArn !== undefined;
      if (hasStream && arn.streamArn === undefined)
        return [`${name} must be the ARN of the table's stream, which the relay reads.`];
      if (!hasStream && arn.streamArn !== undefined)
        return [`${name} must be the ARN of the table: its stream is not used.`];
      if (arn.account !== place.account || arn.region !== place.region)
        return [
          `${name} is in ${arn.account} and ${arn.region}, not in ${place.account} and ${place.region}.`,
        ];
      if (suffix === undefined || suffixOf(arn.tableName, stage, table) !== suffix)
        return [
          `${name} must have the name ${namePrefix(stage, table)}${suffix ?? '<suffix>'}: all tables are of one stage, and restored to one instant.`,
        ];

      return [];
    }),
  ];
};

/** What most tables have, so that only the others are named as wrong. */
const mostFrequent = (values: readonly (string | undefined)[]): string | undefined => {
  const countOf = (one: string) => values.filter((value) => value === one).length;

  return values
    .filter((value) => value !== undefined)
    .toSorted((a, b) => countOf(b) - countOf(a))
    .at(0);
};

const namePrefix = (stage: string, table: AggregateTable) =>
  `aftercommit-${stage}-${table.node.id}-`;

/** The part of a restored table's name that names its restore; undefined if it is a table of another kind or stage. */
const suffixOf = (tableName: string, stage: string, table: AggregateTable): string | undefined => {
  const prefix = namePrefix(stage, table);

  return tableName.startsWith(prefix) && tableName.length > prefix.length
    ? tableName.slice(prefix.length)
    : undefined;
};

const parseTableArn = (text: string): TableArn | undefined => {
  const groups =
    /^(?<tableArn>arn:[\w-]+:dynamodb:(?<region>[\w-]+):(?<account>\d{12}):table\/(?<tableName>[\w.-]+))(?<stream>\/stream\/[\d:.T-]+)?$/.exec(
      text,
    )?.groups;
  if (groups === undefined) return undefined;
  const { tableArn = '', region = '', account = '', tableName = '', stream } = groups;

  return { tableArn, region, account, tableName, ...(stream && { streamArn: text }) };
};
