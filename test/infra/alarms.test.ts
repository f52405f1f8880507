import { describe, expect, it } from 'vitest';
import { kebabCase } from '../../cdk/constructs/names.ts';
import { runbookHeadings } from '../../cdk/constructs/runbook.ts';
import { drills } from '../../dev/game-days/drills.ts';
import { alarmsOf, metricsOf } from '../support/cdk/alarms.ts';
import { toList, toText, valueAt } from '../support/cdk/intrinsics.ts';
import { contexts, synthesize } from '../support/cdk/synthesis.ts';

const dimensions = (table: string, service = 'create-order') => [
  { Name: 'service', Value: service },
  { Name: 'table', Value: table },
];

describe.each(Object.entries(contexts))('alarms (%s)', (stage, context) => {
  const synthesis = synthesize(context);
  const { all, named } = synthesis;
  const alarms = alarmsOf(synthesis);

  it('has an alarm for every heading in runbookHeadings', () => {
    const named = new Set(alarms.map(({ properties }) => toText(properties.AlarmDescription)));
    const onAws = [
      'slo-accept-availability',
      'slo-time-to-final-status',
      'canary-failures',
      'account-concurrency',
      'any-throttled',
      'api-errors',
      'api-latency',
      'api-throttled',
      'events-lost',
      'events-undelivered',
      'table-errors',
      'ticks-dropped',
      'secret-unreadable',
      'canary-payments-failing',
      'canary-undelivered',
    ];

    for (const [entry, heading] of Object.entries(runbookHeadings)) {
      if (stage === 'local' && onAws.includes(entry)) continue;
      if (stage !== 'production' && entry === 'backup-failed') continue;
      expect([...named], entry).toContain(`docs/runbook.md, "${heading}"`);
    }
  });

  it.each([
    [
      'Backlog/UnknownOutcomeAgeAlarm',
      { MetricName: 'BacklogOldestAge', Threshold: stage === 'local' ? 315 : 900 },
    ],
    [
      'Sweep/ScheduleMissingAlarm',
      {
        MetricName: 'SweeperRuns',
        ComparisonOperator: 'LessThanThreshold',
        Threshold: 1,
        TreatMissingData: 'breaching',
      },
    ],
    [
      'Backlog/ScheduleMissingAlarm',
      { MetricName: 'BacklogPayments', TreatMissingData: 'breaching' },
    ],
    ['Alarms/PaymentLateCaptured', { MetricName: 'EventsPublished', Threshold: 1 }],
    ['Alarms/PaymentReviewOpened', { MetricName: 'EventsPublished', Threshold: 1 }],
    ...['ChargePayment', 'ExecuteRefund', 'ResolveReview', 'RestoreStock', 'ReleaseOrder'].map(
      (name): [string, object] => [
        `Alarms/${name}SkippedBooking`,
        { MetricName: 'BookingsSkipped', Threshold: 1 },
      ],
    ),
    ['Alarms/WebhooksRejected', { MetricName: 'RequestsRejected', EvaluationPeriods: 3 }],
    ['Alarms/GatewayDifferences', { MetricName: 'GatewayDifferences', Threshold: 1 }],
    ...['ChargePayment', 'InquirePayment', 'ExecuteRefund'].map((one): [string, object] => [
      `Alarms/${one}Credentials`,
      { MetricName: 'GatewayCredentialsRejected', Threshold: 1 },
    ]),
    [
      'Alarms/InvalidProducts',
      { MetricName: 'InvalidItems', Threshold: 1, Dimensions: dimensions('products') },
    ],
    [
      'Alarms/InvalidCoupons',
      { MetricName: 'InvalidItems', Threshold: 1, Dimensions: dimensions('coupons') },
    ],
    [
      'Alarms/InvalidBalances',
      { MetricName: 'InvalidItems', Dimensions: dimensions('balances', 'accept-payment') },
    ],
    [
      'Alarms/InvalidReviews',
      { MetricName: 'InvalidItems', Dimensions: dimensions('reviews', 'list-reviews') },
    ],
    ['Alarms/RelayChangesEventNotBuilt', { MetricName: 'EventsNotBuilt', Threshold: 1 }],
    ['Alarms/SweepPaymentsEventNotBuilt', { MetricName: 'EventsNotBuilt', Threshold: 1 }],
    ['Alarms/AcceptPaymentThrottled', { Namespace: 'AWS/Lambda', MetricName: 'Throttles' }],
  ])('defines the alarm %s with its metric and threshold', (name, properties) => {
    expect(named(name).properties).toMatchObject(properties);
  });

  it('alarms on throttled indexes, which the metric of their table does not count', () => {
    const watched = alarms
      .flatMap(({ properties }) => [properties, ...metricsOf(properties)])
      .filter((metric) => valueAt(metric, 'MetricName') === 'WriteThrottleEvents')
      .map((metric) => toList(valueAt(metric, 'Dimensions')).map((one) => valueAt(one, 'Value')))
      .map((dimensions) => dimensions.map(toText).sort().join(' '));

    for (const table of ['Orders', 'Payments', 'Refunds', 'Balances', 'Products', 'Idempotency']) {
      const indexes = toList(named(table).properties.GlobalSecondaryIndexes);

      expect(watched).toContain(table);
      for (const index of indexes)
        expect(watched).toContain(`${table} ${toText(valueAt(index, 'IndexName'))}`);
    }
  });

  it('alarms on stream records that are given up or rejected for long, where AWS counts them', () => {
    const streams = all('AWS::Lambda::EventSourceMapping').filter(({ properties }) =>
      toText(properties.EventSourceArn).endsWith('.StreamArn'),
    );
    const dropped = alarms
      .flatMap(({ properties }) => metricsOf(properties))
      .filter((metric) => valueAt(metric, 'MetricName') === 'DroppedEventCount')
      .map((metric) => valueAt(metric, 'Dimensions.0'));
    const counted = streams.filter(({ properties }) => properties.MetricsConfig !== undefined);
    const rejected = alarms.filter(
      ({ properties }) => properties.MetricName === 'OutboxRecordsNotPublished',
    );

    if (stage === 'local') {
      expect([...dropped, ...counted, ...rejected]).toEqual([]);
      return;
    }
    expect(streams.length).toBeGreaterThan(0);
    expect(dropped).toEqual(
      streams.map(({ name }) => ({ Name: 'EventSourceMappingUUID', Value: name })),
    );
    for (const { properties } of streams)
      expect(properties.MetricsConfig).toEqual({ Metrics: ['EventCount'] });
    expect(rejected.map(({ properties }) => properties)).toMatchObject([
      { Threshold: 1, EvaluationPeriods: 3, Period: 300 },
    ]);
  });

  it('alarms on the age of every queue that has a consumer', () => {
    const watched = alarms
      .filter(({ properties }) => properties.MetricName === 'ApproximateAgeOfOldestMessage')
      .map(({ properties }) => valueAt(properties, 'Dimensions.0.Value'));
    const consumed = all('AWS::SQS::Queue').filter(({ properties }) => properties.RedrivePolicy);

    expect(watched.sort()).toEqual(consumed.map(({ name }) => `${name}.QueueName`).sort());
  });
});

it.each(drills)(
  'has the alarms that the drill $name expects, with their headings',
  ({ expectedAlarms }) => {
    const named = new Map(
      alarmsOf(synthesize(contexts.production)).map(({ name, properties }) => [
        name.replaceAll('/', ''),
        properties.AlarmDescription,
      ]),
    );

    for (const { alarm, heading } of expectedAlarms)
      expect(named.get(alarm), alarm).toBe(`docs/runbook.md, "${heading}"`);
  },
);

it.each(['sandbox', 'production'] as const)(
  'alarms on the first unreadable secret of any function that has one (%s)',
  (stage) => {
    const { all, named } = synthesize(contexts[stage]);
    const { properties } = named('Alarms/SecretUnreadable');
    const metrics = toList(properties.Metrics);
    const counted = metrics
      .flatMap((one) => toList(valueAt(one, 'MetricStat.Metric.Dimensions')))
      .map((one) => valueAt(one, 'Value'));
    const readers = all('AWS::Lambda::Function')
      .filter((one) =>
        /\b\w+_SECRET(?:_KEY)?_ARN\b|PG_ADAPTER/.test(JSON.stringify(one.properties)),
      )
      .map(({ name }) => kebabCase(name));

    expect(properties).toMatchObject({
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
    expect(counted.sort()).toEqual(readers.sort());
    expect(metrics.length - 1).toBe(counted.length);
  },
);
