import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { AggregateTable } from './aggregate-table.ts';
import { capital, pascalCase } from './names.ts';
import { runbookAlarm } from './runbook.ts';
import type { ServiceFunction } from './service-function.ts';
import { serviceMetric } from './service-metric.ts';

interface AlarmsProps {
  readonly relay: ServiceFunction;
  readonly sweeper: ServiceFunction;
  /** Who hears the PG's webhooks. */
  readonly webhooks: ServiceFunction;
  readonly orders: ServiceFunction;
  /** Who accepts payments. */
  readonly payments: ServiceFunction;
  /** Who lists the reviews for the operators. */
  readonly reviews: ServiceFunction;
  /** Who compares with the gateway what has ended. */
  readonly inquirer: ServiceFunction;
  /** Who asks the PG with its API key. */
  readonly gateway: readonly ServiceFunction[];
  /** Those that a payment cannot do without. */
  readonly functions: readonly ServiceFunction[];
  /** Those that book what the gateway did, or give back what a payment reserved. */
  readonly bookkeepers: readonly ServiceFunction[];
  readonly tables: readonly AggregateTable[];
}

const summed = { statistic: Stats.SUM, period: Duration.minutes(5) };

const worthAPerson = [
  ['PaymentLateCaptured', 'late-capture'],
  ['PaymentReviewOpened', 'review-opened'],
  ['RefundReviewOpened', 'review-opened'],
] as const;

/** What a person must hear of that belongs to no queue: events that ask for one, and throttles on the way of a payment. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { relay, sweeper, webhooks, orders, payments, inquirer, gateway } = props;
    const { functions, bookkeepers, reviews, tables } = props;

    for (const [event, entry] of worthAPerson)
      runbookAlarm(this, event, {
        metric: serviceMetric('EventsPublished', relay.folder, { event }, summed),
        entry,
      });
    // One may be anybody's. A quarter of an hour of them is a PG whose key we do not have.
    runbookAlarm(this, 'WebhooksRefused', {
      metric: serviceMetric('Refusals', webhooks.folder, { code: 'unauthorized' }, summed),
      entry: 'webhooks-refused',
      evaluationPeriods: 3,
    });
    runbookAlarm(this, 'GatewayDifferences', {
      metric: serviceMetric('GatewayDifferences', inquirer.folder, {}, summed),
      entry: 'gateway-difference',
    });
    for (const { folder } of gateway)
      runbookAlarm(this, `${pascalCase(folder)}Credentials`, {
        metric: serviceMetric('PgCredentialsRefused', folder, {}, summed),
        entry: 'gateway-credentials',
      });
    for (const { node, folder } of [relay, sweeper])
      runbookAlarm(this, `${node.id}EventNotBuilt`, {
        metric: serviceMetric('EventsNotBuilt', folder, {}, summed),
        entry: 'event-not-built',
      });
    for (const [table, { folder }] of [
      ['products', orders],
      ['coupons', orders],
      ['balances', payments],
      ['reviews', reviews],
    ] as const)
      runbookAlarm(this, `Invalid${capital(table)}`, {
        metric: serviceMetric('InvalidItems', folder, { table }, summed),
        entry: 'items-invalid',
      });
    for (const { node, folder } of bookkeepers)
      runbookAlarm(this, `${node.id}SkippedBooking`, {
        metric: serviceMetric('BookingsSkipped', folder, {}, summed),
        entry: 'bookings-skipped',
      });
    for (const one of functions)
      runbookAlarm(this, `${one.node.id}Throttled`, {
        metric: one.metricThrottles(summed),
        entry: 'throttled',
      });
    for (const { node, tableName, indexes } of tables) {
      this.watchWrites(node.id, { TableName: tableName });
      // An index that cannot take a write turns it away from its table, and only the index counts it.
      for (const index of indexes)
        this.watchWrites(`${node.id}${capital(index)}`, {
          TableName: tableName,
          GlobalSecondaryIndexName: index,
        });
    }
  }

  private watchWrites(name: string, dimensionsMap: Readonly<Record<string, string>>): void {
    runbookAlarm(this, `${name}Throttled`, {
      metric: new Metric({
        ...summed,
        namespace: 'AWS/DynamoDB',
        metricName: 'WriteThrottleEvents',
        dimensionsMap,
      }),
      entry: 'throttled',
    });
  }
}
