interface MetricDefinition {
  readonly unit: 'Count' | 'Milliseconds' | 'Seconds' | 'None';
  /** Beside `service`, the folder of the function, which every metric has. */
  readonly dimensions: readonly string[];
  readonly description: string;
}

/**
 * Every metric that the service emits: handlers, dashboard and alarms are made from this one list.
 *
 * What takes time is one metric, and its sample count says how often it happened: a latency by outcome is a count by outcome too.
 * What one invocation measures shares one line, so two metrics give a dimension the same name only where they mean the same by it.
 */
export const metricCatalogue = {
  RequestLatency: {
    unit: 'Milliseconds',
    dimensions: ['outcome'],
    description:
      'time to answer a request, by outcome: succeeded, replayed, rejected (4xx) or failed (5xx)',
  },
  RequestsRejected: {
    unit: 'Count',
    dimensions: ['code'],
    description: 'rejected requests, by problem code',
  },
  InvalidItems: {
    unit: 'Count',
    dimensions: ['table'],
    description:
      'reads of items that are not as their table promises, of other services and our own, by table',
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
    description:
      'requests that the PG refused for our API key, or that were not sent because the key could not be read',
  },
  GatewayDifferences: {
    unit: 'Count',
    dimensions: [],
    description:
      'reviews that were opened because the gateway holds another amount of an ended payment than the books say',
  },
  TimeToFinalStatus: {
    unit: 'Milliseconds',
    dimensions: ['withinObjective'],
    description:
      'time from accept to the final status, and whether it is within the objective (30 s)',
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
      'moves of a product, balance, order or coupon that its item could not take, recorded instead',
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
      'overdue payments, refunds and orders that a sweep found and had no time for (lower bound)',
  },
  BacklogPayments: {
    unit: 'Count',
    dimensions: ['state'],
    description: 'payments in a state that should be short',
  },
  BacklogOldestAge: {
    unit: 'Seconds',
    dimensions: ['state'],
    description: 'age of the oldest of them, since accept or since its review opened',
  },
  BacklogAmount: {
    unit: 'None',
    dimensions: ['state', 'currency'],
    description: 'amount of them, in minor units of one currency',
  },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof metricCatalogue;

/** The dimensions that a metric is given with, each a word of a small set: never an id. */
export type MetricDimensions<N extends MetricName> = Readonly<
  Record<(typeof metricCatalogue)[N]['dimensions'][number], string>
>;

/** EMF namespace of all of them. */
export const metricNamespace = 'aftercommit';

/** A buyer knows the final word by then, or it counts as late. */
export const finalStatusObjectiveMs = 30_000;
