import { setTimeout as delay } from 'node:timers/promises';
import { CreateBackupCommand, DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { capitalize } from '../../cdk/constructs/names.ts';
import { CliError } from '../cli/cli-error.ts';
import { localClientConfig } from '../local/aws.ts';
import type { LocalStack } from '../local/stack-descriptor.ts';
import { restoredNameOf } from '../ops/restored-tables.ts';

type Stack = Pick<LocalStack, 'endpoint' | 'tables'>;

/** A backup of a table, and the name of the table that it is restored to. */
export interface TableBackup {
  readonly backupArn: string;
  readonly restoredName: string;
}

const maxAttempts = 20;
const intervalMs = 500;

/**
 * Makes backups of all tables that are of one instant: between the first and the last one no item changes, or it makes
 * them again. The local AWS has no recovery to a time. Throws a CliError if the tables never rest.
 */
export const backUpAtOneInstant = async (
  { endpoint, tables }: Stack,
  suffix: string,
): Promise<readonly TableBackup[]> => {
  const client = new DynamoDBClient(localClientConfig(endpoint));
  const backUp = async ([name, TableName]: [string, string]): Promise<TableBackup> => {
    const { BackupDetails } = await client.send(
      new CreateBackupCommand({ TableName, BackupName: suffix }),
    );

    return {
      backupArn: BackupDetails?.BackupArn ?? '',
      restoredName: restoredNameOf('local', capitalize(name), suffix),
    };
  };
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const before = await exportItems(client, tables);
    const backups = await Promise.all(Object.entries(tables).map(backUp));
    if ((await exportItems(client, tables)) === before) return backups;
    await delay(intervalMs);
  }
  throw new CliError('The tables change all the time: run this again at a quieter time.');
};

/** All items of all tables, as one text. */
const exportItems = async (client: DynamoDBClient, tables: Stack['tables']): Promise<string> => {
  const db = DynamoDBDocumentClient.from(client);
  const exported = Object.values(tables).map(async (TableName) => {
    const items: unknown[] = [];
    for await (const { Items = [] } of paginateScan(
      { client: db },
      { TableName, ConsistentRead: true },
    ))
      items.push(...Items);

    return items;
  });

  return JSON.stringify(await Promise.all(exported));
};

/** Deletes all tables. */
export const deleteTables = async ({ endpoint, tables }: Stack): Promise<void> => {
  const client = new DynamoDBClient(localClientConfig(endpoint));
  for (const TableName of Object.values(tables))
    await client.send(new DeleteTableCommand({ TableName }));
};
