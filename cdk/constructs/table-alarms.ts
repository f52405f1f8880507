import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { StageProfile } from '../stages.ts';
import type { ServiceTable } from './aggregate-table.ts';
import { sumOfCounts, sumOverFiveMinutes } from './alarm-metrics.ts';
import { capitalize } from './names.ts';
import { createRunbookAlarm } from './runbook.ts';

/** Operations of the service on one table. DynamoDB counts its own errors only by table and operation. */
const operations = [
  'GetItem',
  'BatchGetItem',
  'Query',
  'PutItem',
  'UpdateItem',
  'TransactWriteItems',
];

type Dimensions = Readonly<Record<string, string>>;

const counted = (metricName: string, dimensionsMap: Dimensions) =>
  new Metric({ ...sumOverFiveMinutes, namespace: 'AWS/DynamoDB', metricName, dimensionsMap });

/**
 * Adds the alarms of one table: rejected writes, and on AWS also rejected reads together with errors of DynamoDB.
 *
 * DynamoDB sends these metrics only if they are not zero, and an alarm on its namespace keeps its state while data is
 * missing: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html. Therefore the
 * alarms on AWS fill missing data with zero: without it, an alarm that fired once would never fire again.
 */
export const createTableAlarms = (
  scope: Construct,
  { node, tableName, indexes }: ServiceTable,
  { onAws }: StageProfile,
): void => {
  const own = { TableName: tableName };
  // A throttled index also rejects the write to its table, but only the index counts it.
  const parts: readonly [name: string, Dimensions][] = [
    [node.id, own],
    ...indexes.map((index): [string, Dimensions] => [
      `${node.id}${capitalize(index)}`,
      { ...own, GlobalSecondaryIndexName: index },
    ]),
  ];

  for (const [name, dimensions] of parts) {
    const rejected = counted('WriteThrottleEvents', dimensions);
    createRunbookAlarm(scope, `${name}Throttled`, {
      metric: onAws ? sumOfCounts([rejected]) : rejected,
      entry: 'throttled',
    });
  }
  if (!onAws) return;
  createRunbookAlarm(scope, `${node.id}Errors`, {
    metric: sumOfCounts([
      ...parts.map(([, dimensions]) => counted('ReadThrottleEvents', dimensions)),
      ...operations.map((Operation) => counted('SystemErrors', { ...own, Operation })),
    ]),
    entry: 'table-errors',
  });
};
