interface MetricDefinition {
  readonly unit: 'Count' | 'Milliseconds' | 'Seconds' | 'None';
  /** In addition to `service`, the function folder, which every metric has. */
  readonly dimensions: readonly string[];
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
  },
  RequestsRejected: {
    unit: 'Count',
    dimensions: ['code'],
  },
  InvalidItems: {
    unit: 'Count',
    dimensions: ['table'],
  },
  EventsPublished: {
    unit: 'Count',
    dimensions: ['event'],
  },
  OutboxRecordsNotPublished: {
    unit: 'Count',
    dimensions: ['outcome'],
  },
  ProcessingLatency: {
    unit: 'Milliseconds',
    dimensions: ['outcome'],
  },
  EventsNotBuilt: {
    unit: 'Count',
    dimensions: [],
  },
  GatewayLatency: {
    unit: 'Milliseconds',
    dimensions: ['operation', 'gatewayOutcome'],
  },
  GatewayCircuitOpened: {
    unit: 'Count',
    dimensions: [],
  },
  GatewayCredentialsRejected: {
    unit: 'Count',
    dimensions: [],
  },
  SecretReadsFailed: {
    unit: 'Count',
    dimensions: [],
  },
  GatewayDifferences: {
    unit: 'Count',
    dimensions: [],
  },
  TimeToFinalStatus: {
    unit: 'Milliseconds',
    dimensions: ['withinObjective'],
  },
  TransactionConflicts: {
    unit: 'Count',
    dimensions: [],
  },
  BookingsSkipped: {
    unit: 'Count',
    dimensions: [],
  },
  SweeperRuns: { unit: 'Count', dimensions: [] },
  StuckPaymentsFound: {
    unit: 'Count',
    dimensions: [],
  },
  StuckPaymentsRemaining: {
    unit: 'Count',
    dimensions: [],
  },
  BacklogPayments: {
    unit: 'Count',
    dimensions: ['state'],
  },
  BacklogOldestAge: {
    unit: 'Seconds',
    dimensions: ['state'],
  },
  BacklogAmount: {
    unit: 'None',
    dimensions: ['state', 'currency'],
  },
  CanaryPayments: {
    unit: 'Count',
    dimensions: ['outcome'],
  },
  CanaryTimeToFinalStatus: {
    unit: 'Milliseconds',
    dimensions: [],
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
