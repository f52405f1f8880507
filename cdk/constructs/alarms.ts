import { Construct } from 'constructs';
import type { MetricDimensions, MetricName } from '../../shared/observability/metric-catalogue.ts';
import type { ServiceTables } from '../restored-tables.ts';
import type { StageProfile } from '../stages.ts';
import { sumOfCounts, sumOverFiveMinutes } from './alarm-metrics.ts';
import { capitalize, pascalCase } from './names.ts';
import { createRunbookAlarm } from './runbook.ts';
import type { ServiceFunction } from './service-function.ts';
import { serviceMetric } from './service-metric.ts';
import { createTableAlarms } from './table-alarms.ts';

const pagingEvents = [
  ['PaymentLateCaptured', 'late-capture'],
  ['PaymentReviewOpened', 'review-opened'],
  ['RefundReviewOpened', 'review-opened'],
] as const;

/** Functions that call the gateway with its API key. */
const gatewayCallers = ['charge-payment', 'inquire-payment', 'execute-refund'] as const;

/**
 * Functions that every payment needs, but for the relay: a stream waits for a free environment and then has larger
 * batches, and the alarm on its lag fires if it falls behind.
 */
const throttledFunctions = ['accept-payment', ...gatewayCallers] as const;

/** Functions that book a gateway outcome, or restore what a payment reserved. */
const ledgerWriters = [
  ...gatewayCallers,
  'resolve-review',
  'restore-stock',
  'restore-balance',
  'release-order',
] as const;

const secretReaders = [
  ...gatewayCallers,
  'resolve-review',
  'reconcile-ledger',
  'receive-webhook',
  'notify-buyer',
] as const;

const eventBuilders = ['relay-changes', 'sweep-payments'] as const;

/** By table: the function that reports its invalid items. */
const itemReaders = {
  products: 'create-order',
  coupons: 'create-order',
  balances: 'accept-payment',
  reviews: 'list-reviews',
} as const;

type WatchedFunction =
  | (typeof throttledFunctions)[number]
  | (typeof ledgerWriters)[number]
  | (typeof secretReaders)[number]
  | (typeof eventBuilders)[number]
  | (typeof itemReaders)[keyof typeof itemReaders];

interface AlarmsProps {
  /** Metrics name functions by folder. By this type the stack has each of them. */
  readonly functions: Readonly<Record<WatchedFunction, ServiceFunction>>;
  readonly tables: ServiceTables;
  readonly profile: StageProfile;
}

/** Alarms that belong to no queue: events that need an operator, rejected items and credentials, throttles. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, { functions, tables, profile }: AlarmsProps) {
    super(scope, id);
    const { orders, payments, refunds, balances, products, idempotency } = tables;
    const summed = <N extends MetricName>(
      name: N,
      folder: WatchedFunction,
      dimensions: MetricDimensions<N>,
    ) => serviceMetric(name, folder, dimensions, sumOverFiveMinutes);

    for (const [event, entry] of pagingEvents)
      createRunbookAlarm(this, event, {
        metric: summed('EventsPublished', 'relay-changes', { event }),
        entry,
      });
    // One rejection may come from any caller. 15 minutes of them mean that our copy of the gateway's key is wrong.
    createRunbookAlarm(this, 'WebhooksRejected', {
      metric: summed('RequestsRejected', 'receive-webhook', { code: 'unauthorized' }),
      entry: 'webhooks-rejected',
      evaluationPeriods: 3,
    });
    createRunbookAlarm(this, 'GatewayDifferences', {
      metric: summed('GatewayDifferences', 'inquire-payment', {}),
      entry: 'gateway-difference',
    });
    for (const folder of gatewayCallers)
      createRunbookAlarm(this, `${pascalCase(folder)}Credentials`, {
        metric: summed('GatewayCredentialsRejected', folder, {}),
        entry: 'gateway-credentials',
      });
    // A local AWS has no metric math.
    if (profile.onAws)
      createRunbookAlarm(this, 'SecretUnreadable', {
        metric: sumOfCounts(secretReaders.map((folder) => summed('SecretReadsFailed', folder, {}))),
        entry: 'secret-unreadable',
      });
    for (const folder of eventBuilders)
      createRunbookAlarm(this, `${pascalCase(folder)}EventNotBuilt`, {
        metric: summed('EventsNotBuilt', folder, {}),
        entry: 'event-not-built',
      });
    for (const [table, folder] of Object.entries(itemReaders))
      createRunbookAlarm(this, `Invalid${capitalize(table)}`, {
        metric: summed('InvalidItems', folder, { table }),
        entry: 'items-invalid',
      });
    for (const folder of ledgerWriters)
      createRunbookAlarm(this, `${pascalCase(folder)}SkippedBooking`, {
        metric: summed('BookingsSkipped', folder, {}),
        entry: 'bookings-skipped',
      });
    for (const folder of throttledFunctions)
      createRunbookAlarm(this, `${pascalCase(folder)}Throttled`, {
        metric: functions[folder].metricThrottles(sumOverFiveMinutes),
        entry: 'throttled',
      });
    for (const table of [orders, payments, refunds, balances, products, idempotency])
      createTableAlarms(this, table, profile);
  }
}
