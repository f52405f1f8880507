import { Construct } from 'constructs';
import type { StageProfile } from '../stages.ts';
import type { AggregateTable } from './aggregate-table.ts';
import { sumOfCounts, sumOverFiveMinutes } from './alarm-metrics.ts';
import { capitalize, pascalCase } from './names.ts';
import { createRunbookAlarm } from './runbook.ts';
import type { ServiceFunction } from './service-function.ts';
import { serviceMetric } from './service-metric.ts';
import { createTableAlarms } from './table-alarms.ts';

interface AlarmsProps {
  readonly relay: ServiceFunction;
  readonly sweeper: ServiceFunction;
  readonly webhookReceiver: ServiceFunction;
  readonly orderCreator: ServiceFunction;
  readonly paymentAcceptor: ServiceFunction;
  readonly reviewLister: ServiceFunction;
  /** Compares ended payments with the gateway. */
  readonly inquirer: ServiceFunction;
  /** Functions that call the gateway with its API key. */
  readonly gatewayCallers: readonly ServiceFunction[];
  /** Functions that every payment needs. */
  readonly criticalPathFunctions: readonly ServiceFunction[];
  /** Functions that book a gateway outcome, or restore what a payment reserved. */
  readonly ledgerWriters: readonly ServiceFunction[];
  readonly tables: readonly AggregateTable[];
  /** Functions that read a secret; none where metric math is not supported. */
  readonly secretReaders: readonly ServiceFunction[];
  readonly profile: StageProfile;
}

const pagingEvents = [
  ['PaymentLateCaptured', 'late-capture'],
  ['PaymentReviewOpened', 'review-opened'],
  ['RefundReviewOpened', 'review-opened'],
] as const;

/** Alarms that belong to no queue: events that need an operator, rejected items and credentials, throttles. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const {
      relay,
      sweeper,
      webhookReceiver,
      orderCreator,
      paymentAcceptor,
      inquirer,
      gatewayCallers,
    } = props;
    const { criticalPathFunctions, ledgerWriters, reviewLister, tables, secretReaders, profile } =
      props;

    for (const [event, entry] of pagingEvents)
      createRunbookAlarm(this, event, {
        metric: serviceMetric('EventsPublished', relay.folder, { event }, sumOverFiveMinutes),
        entry,
      });
    // One rejection may come from any caller. 15 minutes of them mean that our copy of the gateway's key is wrong.
    createRunbookAlarm(this, 'WebhooksRejected', {
      metric: serviceMetric(
        'RequestsRejected',
        webhookReceiver.folder,
        { code: 'unauthorized' },
        sumOverFiveMinutes,
      ),
      entry: 'webhooks-rejected',
      evaluationPeriods: 3,
    });
    createRunbookAlarm(this, 'GatewayDifferences', {
      metric: serviceMetric('GatewayDifferences', inquirer.folder, {}, sumOverFiveMinutes),
      entry: 'gateway-difference',
    });
    for (const { folder } of gatewayCallers)
      createRunbookAlarm(this, `${pascalCase(folder)}Credentials`, {
        metric: serviceMetric('GatewayCredentialsRejected', folder, {}, sumOverFiveMinutes),
        entry: 'gateway-credentials',
      });
    if (secretReaders.length > 0)
      createRunbookAlarm(this, 'SecretUnreadable', {
        metric: sumOfCounts(
          secretReaders.map(({ folder }) =>
            serviceMetric('SecretReadsFailed', folder, {}, sumOverFiveMinutes),
          ),
        ),
        entry: 'secret-unreadable',
      });
    for (const { node, folder } of [relay, sweeper])
      createRunbookAlarm(this, `${node.id}EventNotBuilt`, {
        metric: serviceMetric('EventsNotBuilt', folder, {}, sumOverFiveMinutes),
        entry: 'event-not-built',
      });
    for (const [table, { folder }] of [
      ['products', orderCreator],
      ['coupons', orderCreator],
      ['balances', paymentAcceptor],
      ['reviews', reviewLister],
    ] as const)
      createRunbookAlarm(this, `Invalid${capitalize(table)}`, {
        metric: serviceMetric('InvalidItems', folder, { table }, sumOverFiveMinutes),
        entry: 'items-invalid',
      });
    for (const { node, folder } of ledgerWriters)
      createRunbookAlarm(this, `${node.id}SkippedBooking`, {
        metric: serviceMetric('BookingsSkipped', folder, {}, sumOverFiveMinutes),
        entry: 'bookings-skipped',
      });
    for (const one of criticalPathFunctions)
      createRunbookAlarm(this, `${one.node.id}Throttled`, {
        metric: one.metricThrottles(sumOverFiveMinutes),
        entry: 'throttled',
      });
    for (const table of tables) createTableAlarms(this, table, profile);
  }
}
