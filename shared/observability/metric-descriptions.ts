import type { MetricName } from './metric-catalogue.ts';

/** What each metric measures, for the dashboard and the documentation. Functions do not import it: their bundles stay smaller. */
export const metricDescriptions: Readonly<Record<MetricName, string>> = {
  RequestLatency:
    'time to respond to a request, by outcome: succeeded, replayed, rejected (4xx) or failed (5xx)',
  RequestsRejected: 'rejected requests, by problem code',
  InvalidItems: 'items read that do not match the schema of their table, by table',
  EventsPublished: 'events that the relay published to the bus, by name',
  OutboxRecordsNotPublished:
    'outbox records not published, by outcome: duplicate, quarantined or failed',
  ProcessingLatency:
    'time to process one message or compensation step, by outcome: succeeded, duplicate, deferred or failed',
  EventsNotBuilt: 'reviews opened because an item could not be turned into its event',
  GatewayLatency: 'time of one gateway request, by operation and outcome',
  GatewayCircuitOpened: 'gateway circuit breakers that opened',
  GatewayCredentialsRejected: 'gateway requests rejected for the API key',
  SecretReadsFailed:
    'reads of a secret that failed: denied, not decrypted, deleted, or without a valid key in it',
  GatewayDifferences:
    'reviews opened because the gateway and the stores disagree on a payment with a final status',
  TimeToFinalStatus:
    'time from accept or the last confirmation to the final status, and whether it is within the objective (30 s); not of payments that waited for their buyer since',
  TransactionConflicts:
    'writes retried after a transaction conflict, a throttle or a DynamoDB fault',
  BookingsSkipped:
    'bookings skipped and recorded, because the product, balance, order or coupon does not allow them',
  SweeperRuns: 'runs of the sweeper',
  StuckPaymentsFound: 'stuck payments and refunds that the sweeper found',
  StuckPaymentsRemaining:
    'stuck payments, refunds and orders that a run had no time to recover (lower bound)',
  BacklogPayments: 'payments that wait for their buyer, or are in a state that should be short',
  BacklogOldestAge: 'age of the oldest backlog payment, since accept or since its review opened',
  BacklogAmount: 'amount of the backlog payments, in minor units of one currency',
  CanaryPayments:
    'canary orders, by outcome: succeeded (paid within the objective, 30 s) or failed',
  CanaryTimeToFinalStatus: 'time from accept to the final status of a canary order',
};
