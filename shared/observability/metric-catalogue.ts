interface MetricDefinition {
  readonly unit: 'Count' | 'Milliseconds' | 'Seconds' | 'None';
  /** In addition to `service`, the function folder, which every metric has. */
  readonly dimensions: readonly string[];
  readonly description: string;
}

/**
 * Every metric of the service, used by handlers, dashboard and alarms.
 *
 * A latency metric also counts: its sample count by outcome is the number of outcomes. Metrics of one
 * invocation share a log line, so a dimension name has one meaning in all of them.
 */
export const metricCatalogue = {
  RequestLatency: {
    unit: 'Milliseconds',
    dimensions: ['outcome'],
    description:
      'time to respond to a request, by outcome: succeeded, replayed, rejected (4xx) or failed (5xx)',
  },
  RequestsRejected: {
    unit: 'Count',
    dimensions: ['code'],
    description: 'rejected requests, by problem code',
  },
  InvalidItems: {
    unit: 'Count',
    dimensions: ['table'],
    description: 'items read that do not match the schema of their table, by table',
  },
  EventsPublished: {
    unit: 'Count',
    dimensions: ['event'],
    description: 'events that the relay published to the bus, by name',
  },
  OutboxRecordsNotPublished: {
    unit: 'Count',
    dimensions: ['outcome'],
    description: 'outbox records not published, by outcome: duplicate, quarantined or failed',
  },
  ProcessingLatency: {
    unit: 'Milliseconds',
    dimensions: ['outcome'],
    description:
      'time to process one message or compensation step, by outcome: succeeded, duplicate, deferred or failed',
  },
  EventsNotBuilt: {
    unit: 'Count',
    dimensions: [],
    description: 'reviews opened because an item could not be turned into its event',
  },
  GatewayLatency: {
    unit: 'Milliseconds',
    dimensions: ['operation', 'gatewayOutcome'],
    description: 'time of one gateway request, by operation and outcome',
  },
  GatewayCircuitOpened: {
    unit: 'Count',
    dimensions: [],
    description: 'gateway circuit breakers that opened',
  },
  GatewayCredentialsRejected: {
    unit: 'Count',
    dimensions: [],
    description: 'gateway requests rejected for the API key',
  },
  SecretReadsFailed: {
    unit: 'Count',
    dimensions: [],
    description:
      'reads of a secret that failed: denied, not decrypted, deleted, or without a valid key in it',
  },
  GatewayDifferences: {
    unit: 'Count',
    dimensions: [],
    description:
      'reviews opened because the gateway and the stores disagree on a payment with a final status',
  },
  TimeToFinalStatus: {
    unit: 'Milliseconds',
    dimensions: ['withinObjective'],
    description:
      'time from accept or the last confirmation to the final status, and whether it is within the objective (30 s); not of payments that waited for their buyer since',
  },
  TransactionConflicts: {
    unit: 'Count',
    dimensions: [],
    description: 'writes retried after a transaction conflict, a throttle or a DynamoDB fault',
  },
  BookingsSkipped: {
    unit: 'Count',
    dimensions: [],
    description:
      'bookings skipped and recorded, because the product, balance, order or coupon does not allow them',
  },
  SweeperRuns: { unit: 'Count', dimensions: [], description: 'runs of the sweeper' },
  StuckPaymentsFound: {
    unit: 'Count',
    dimensions: [],
    description: 'stuck payments and refunds that the sweeper found',
  },
  StuckPaymentsRemaining: {
    unit: 'Count',
    dimensions: [],
    description:
      'stuck payments, refunds and orders that a run had no time to recover (lower bound)',
  },
  BacklogPayments: {
    unit: 'Count',
    dimensions: ['state'],
    description: 'payments that wait for their buyer, or are in a state that should be short',
  },
  BacklogOldestAge: {
    unit: 'Seconds',
    dimensions: ['state'],
    description: 'age of the oldest backlog payment, since accept or since its review opened',
  },
  BacklogAmount: {
    unit: 'None',
    dimensions: ['state', 'currency'],
    description: 'amount of the backlog payments, in minor units of one currency',
  },
  CanaryPayments: {
    unit: 'Count',
    dimensions: ['outcome'],
    description: 'canary orders, by outcome: succeeded (paid within the objective, 30 s) or failed',
  },
  CanaryTimeToFinalStatus: {
    unit: 'Milliseconds',
    dimensions: [],
    description: 'time from accept to the final status of a canary order',
  },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof metricCatalogue;

/** The dimension values of a metric. Each comes from a small set, never an id. */
export type MetricDimensions<N extends MetricName> = Readonly<
  Record<(typeof metricCatalogue)[N]['dimensions'][number], string>
>;

/** EMF namespace of all metrics. */
export const metricNamespace = 'aftercommit';

/** Objective for the time from accept to the final status. */
export const finalStatusObjectiveMs = 30_000;
