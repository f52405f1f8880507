interface Definition {
  readonly unit: 'Count' | 'Milliseconds' | 'Seconds' | 'None';
  /** Beside `service`, the folder of the function, which every metric has. */
  readonly dimensions: readonly string[];
  readonly means: string;
}

/**
 * Every metric that the service emits: handlers, dashboard and alarms are made from this one list.
 *
 * What takes time is one metric, and its sample count says how often it happened: a latency by outcome is a count by outcome too.
 * What one invocation measures shares one line, so two metrics give a dimension the same name only where they mean the same by it.
 */
export const metricCatalogue = {
  AnswerLatency: {
    unit: 'Milliseconds',
    dimensions: ['outcome'],
    means: 'time to answer a request: answered, replayed, refused (4xx) or failed (5xx)',
  },
  Refusals: {
    unit: 'Count',
    dimensions: ['code'],
    means: 'requests that were refused, by problem code',
  },
  InvalidItems: {
    unit: 'Count',
    dimensions: ['table'],
    means:
      'reads of items that are not as their table promises, of other services and our own, by table',
  },
  EventsPublished: {
    unit: 'Count',
    dimensions: ['event'],
    means: 'events that the relay put on the bus, by name',
  },
  ChangesNotPublished: {
    unit: 'Count',
    dimensions: ['outcome'],
    means: 'stream records that told an event and did not: repeated, set aside or failed',
  },
  HandlingLatency: {
    unit: 'Milliseconds',
    dimensions: ['outcome'],
    means: 'time to handle one event or compensation step: done, repeated, postponed or failed',
  },
  EventsNotBuilt: {
    unit: 'Count',
    dimensions: [],
    means: 'reviews opened because an item could not be turned into its event',
  },
  PgLatency: {
    unit: 'Milliseconds',
    dimensions: ['operation', 'answer'],
    means: 'time of one request to the PG, by what was asked and how it ended',
  },
  PgLeftAlone: {
    unit: 'Count',
    dimensions: [],
    means: 'breakers that opened, for the PG took nothing',
  },
  PgCredentialsRefused: {
    unit: 'Count',
    dimensions: [],
    means:
      'requests that the PG refused for our API key, or that were not sent because the key could not be read',
  },
  GatewayDifferences: {
    unit: 'Count',
    dimensions: [],
    means:
      'reviews that were opened because the gateway holds another amount of an ended payment than the books say',
  },
  DecisionLatency: {
    unit: 'Milliseconds',
    dimensions: ['decided'],
    means: 'time from accept to the final word: in time (within 30 s) or late',
  },
  TransactionConflicts: {
    unit: 'Count',
    dimensions: [],
    means: 'writes that met a transaction, a throttle or a fault of DynamoDB, and were tried again',
  },
  BookingsSkipped: {
    unit: 'Count',
    dimensions: [],
    means:
      'moves of a product, balance, order or coupon that its item could not take, recorded instead',
  },
  Sweeps: { unit: 'Count', dimensions: [], means: 'runs of the sweeper' },
  Overdue: {
    unit: 'Count',
    dimensions: [],
    means: 'payments and refunds that the sweeper found forgotten',
  },
  OverdueLeft: {
    unit: 'Count',
    dimensions: [],
    means: 'overdue payments, refunds and orders that a sweep found, at least, and had no time for',
  },
  PaymentsWaiting: {
    unit: 'Count',
    dimensions: ['state'],
    means: 'payments that are in a state in which nobody should be for long',
  },
  OldestWaiting: {
    unit: 'Seconds',
    dimensions: ['state'],
    means: 'how long ago the oldest of them was accepted, or its review opened',
  },
  MoneyWaiting: {
    unit: 'None',
    dimensions: ['state', 'currency'],
    means: 'the money of them, in minor units of one currency',
  },
} as const satisfies Record<string, Definition>;

export type MetricName = keyof typeof metricCatalogue;

/** The dimensions that a metric is given with, each a word of a small set: never an id. */
export type DimensionsOf<N extends MetricName> = Readonly<
  Record<(typeof metricCatalogue)[N]['dimensions'][number], string>
>;

/** EMF namespace of all of them. */
export const metricNamespace = 'aftercommit';

/** A buyer knows the final word by then, or it counts as late. */
export const decidedWithinMs = 30_000;
