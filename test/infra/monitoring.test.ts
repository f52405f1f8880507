import { globSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kebabCase } from '../../cdk/constructs/names.ts';
import { runbookHeadings } from '../../cdk/constructs/runbook.ts';
import { drills } from '../../dev/game-days/drills.ts';
import { eventData } from '../../shared/domain/events/domain-event.ts';
import { metricCatalogue, metricNamespace } from '../../shared/observability/metric-catalogue.ts';
import { toList, toText, valueAt } from '../support/cdk/intrinsics.ts';
import { contexts, synthesize } from '../support/cdk/synthesis.ts';

const names = Object.keys(metricCatalogue).sort();
const sources = globSync('{functions,shared}/**/*.ts').map((path) => readFileSync(path, 'utf8'));

it('emits exactly the metrics of the catalogue', () => {
  const emitted = sources.flatMap((text) =>
    [...text.matchAll(/\brecordMetric\('(\w+)'/g)].map(([, name]) => name),
  );

  expect([...new Set(emitted)].sort()).toEqual(names);
  expect(sources.filter((text) => text.includes('.addMetric('))).toHaveLength(1);
});

const dimensions = (table: string, service = 'create-order') => [
  { Name: 'service', Value: service },
  { Name: 'table', Value: table },
];

describe.each(Object.entries(contexts))('monitoring (%s)', (stage, context) => {
  const { all, named } = synthesize(context);
  const alarms = [...all('AWS::CloudWatch::Alarm'), ...all('AWS::CloudWatch::CompositeAlarm')];
  const board = toText(named('Dashboard/Dashboard').properties.DashboardBody);

  it('shows every metric of the catalogue on the dashboard, with all its dimensions', () => {
    const shown = [...board.matchAll(/SEARCH\('\{([\w,]+)\} MetricName=\\*"(\w+)\\*"'/g)];

    expect([...new Set(shown.map(([, , name]) => name))].sort()).toEqual(names);
    for (const [, dimensions, name] of shown)
      expect(dimensions).toBe(
        [
          metricNamespace,
          'service',
          ...metricCatalogue[name as keyof typeof metricCatalogue].dimensions,
        ].join(','),
      );
  });

  it('shows the age of every queue and the depth of every dead-letter queue', () => {
    for (const { name, properties } of all('AWS::SQS::Queue')) {
      const metric = properties.RedrivePolicy
        ? 'ApproximateAgeOfOldestMessage'
        : 'ApproximateNumberOfMessagesVisible';

      expect(board, name).toContain(`"AWS/SQS","${metric}","QueueName","${name}.QueueName"`);
    }
  });

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
    ];

    for (const [entry, heading] of Object.entries(runbookHeadings)) {
      if (stage === 'local' && onAws.includes(entry)) continue;
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
      .flatMap(({ properties }) => [
        properties,
        ...toList(properties.Metrics).flatMap((one) => valueAt(one, 'MetricStat.Metric') ?? []),
      ])
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
      .flatMap(({ properties }) => toList(properties.Metrics))
      .map((one) => valueAt(one, 'MetricStat.Metric'))
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

  it('uses only dimension values that the named function emits', () => {
    const metrics = alarms.flatMap(({ properties }) => [
      properties,
      ...toList(properties.Metrics).flatMap((one) => valueAt(one, 'MetricStat.Metric') ?? []),
    ]);
    const ours = metrics
      .filter((metric) => [valueAt(metric, 'Namespace')].includes(metricNamespace))
      .map((metric) => [
        toText(valueAt(metric, 'MetricName')),
        toList(valueAt(metric, 'Dimensions')).map((one) => [
          valueAt(one, 'Name'),
          valueAt(one, 'Value'),
        ]),
      ]);

    expect(ours.length).toBeGreaterThan(5);
    for (const [name, dimensions] of ours) {
      const { service = '', ...rest } = Object.fromEntries(dimensions as [string, string][]);

      expect(Object.keys(rest)).toEqual(
        metricCatalogue[name as keyof typeof metricCatalogue].dimensions,
      );
      expect(readdirSync('functions')).toContain(service);
      for (const [dimension, value] of Object.entries(rest))
        expect(
          sources.some((text) => text.includes(`'${value}'`)) ||
            value in eventData ||
            (dimension === 'withinObjective' && ['true', 'false'].includes(value)),
        ).toBe(true);
    }
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
    const { all } = synthesize(contexts.production);
    const alarms = [...all('AWS::CloudWatch::Alarm'), ...all('AWS::CloudWatch::CompositeAlarm')];
    const named = new Map(
      alarms.map(({ name, properties }) => [name.replaceAll('/', ''), properties.AlarmDescription]),
    );

    for (const { alarm, heading } of expectedAlarms)
      expect(named.get(alarm), alarm).toBe(`docs/runbook.md, "${heading}"`);
  },
);

describe.each(['sandbox', 'production'] as const)('service level objectives (%s)', (stage) => {
  const { named } = synthesize(contexts[stage]);

  it.each(['AcceptAvailability', 'TimeToFinalStatus'])(
    'alarm on %s only if both windows burn too fast',
    (objective) => {
      const rule = toText(named(`Slo/${objective}`).properties.AlarmRule);
      const parts = ['Hour', 'FiveMinutes'].map((window) => `${objective}In${window}`);

      for (const part of parts) {
        const { properties } = named(`Slo/${part}`);

        expect(rule).toContain(`Slo/${part}`);
        expect(properties).toMatchObject({
          Threshold: expect.closeTo(0.0144),
          ComparisonOperator: 'GreaterThanThreshold',
          TreatMissingData: 'notBreaching',
        });
        expect(toText(valueAt(toList(properties.Metrics)[0] ?? {}, 'Expression'))).toMatch(
          /^\(FILL\(bad0, 0\).*\) \/ \(FILL\(bad0, 0\).* \+ FILL\(good0, 0\)/,
        );
      }
      expect(rule).toContain(' AND ');
    },
  );
});

it('counts the final statuses of every function that records them', () => {
  const { properties } = synthesize(contexts.production).named('Slo/TimeToFinalStatusInHour');
  const counted = toList(properties.Metrics)
    .flatMap((one) => toList(valueAt(one, 'MetricStat.Metric.Dimensions')))
    .filter((one) => valueAt(one, 'Name') === 'service')
    .map((one) => valueAt(one, 'Value'));
  const recording = globSync('functions/*/*.ts')
    .filter((path) =>
      /\b(recordTimeToFinalStatus|createRecordChargeOutcome)\(/.test(readFileSync(path, 'utf8')),
    )
    .map((path) => path.split('/')[1]);

  expect([...new Set(counted)].sort()).toEqual([...new Set(recording)].sort());
});

it.each(['sandbox', 'production'] as const)(
  'counts errors and throttles of accept as failed requests (%s)',
  (stage) => {
    for (const window of ['Hour', 'FiveMinutes']) {
      const { properties } = synthesize(contexts[stage]).named(`Slo/AcceptAvailabilityIn${window}`);
      const bad = toList(properties.Metrics)
        .filter((one) => toText(valueAt(one, 'Id') ?? '').startsWith('bad'))
        .map((one) => valueAt(one, 'MetricStat'));

      for (const MetricName of ['Errors', 'Throttles'])
        expect(bad).toContainEqual(
          expect.objectContaining({
            Stat: 'Sum',
            Metric: {
              Namespace: 'AWS/Lambda',
              MetricName,
              Dimensions: [{ Name: 'FunctionName', Value: 'AcceptPayment' }],
            },
          }),
        );
    }
  },
);

it('has no composite alarm in the local stage, whose AWS rejects it', () => {
  expect(synthesize(contexts.local).all('AWS::CloudWatch::CompositeAlarm')).toEqual([]);
});

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
