import { describe, expect, it } from 'vitest';
import { stages } from '../../cdk/stages.ts';
import { routes } from '../../shared/http/routes.ts';
import { metricsOf } from '../support/cdk/alarms.ts';
import { type Fields, toList, toText, valueAt } from '../support/cdk/intrinsics.ts';
import { contexts, synthesize } from '../support/cdk/synthesis.ts';

/** The name and the dimensions of each metric that the metric math of an alarm reads. */
const namedMetricsOf = (properties: Fields) =>
  metricsOf(properties).map((metric) => ({
    name: toText(valueAt(metric, 'MetricName')),
    dimensions: Object.fromEntries(
      toList(valueAt(metric, 'Dimensions')).map((dimension) => [
        toText(valueAt(dimension, 'Name')),
        toText(valueAt(dimension, 'Value')),
      ]),
    ),
  }));

describe.each(['sandbox', 'production'] as const)('alarms on metrics of AWS (%s)', (stage) => {
  const { all, named } = synthesize(contexts[stage]);
  const alarms = all('AWS::CloudWatch::Alarm');

  it('fires at 80 % of the account’s concurrency for three minutes', () => {
    const { properties } = named('Platform/Concurrency');

    expect(properties).toMatchObject({
      Namespace: 'AWS/Lambda',
      MetricName: 'ConcurrentExecutions',
      Statistic: 'Maximum',
      Threshold: 800,
      EvaluationPeriods: 3,
      Period: 60,
    });
    expect(properties.Dimensions).toBeUndefined();
    expect(
      synthesize({ ...contexts[stage], concurrencyQuota: '5000' }).named('Platform/Concurrency')
        .properties.Threshold,
    ).toBe(4_000);
  });

  it('fires for throttles of any function but the relay, and of the compensation', () => {
    const { Threshold, Metrics } = named('Platform/FunctionsThrottled').properties;
    const metrics = toList(Metrics).map((one) => ({
      id: valueAt(one, 'Id'),
      expression: valueAt(one, 'Expression'),
      metric: valueAt(one, 'MetricStat.Metric'),
    }));

    expect(Threshold).toBe(1);
    expect(metrics).toMatchObject([
      { expression: 'FILL(all, 0) - FILL(relay, 0)' },
      { id: 'all', metric: { Namespace: 'AWS/Lambda', MetricName: 'Throttles' } },
      { id: 'relay', metric: { Dimensions: [{ Name: 'FunctionName', Value: 'RelayChanges' }] } },
    ]);
    expect(metrics[1]?.metric).not.toHaveProperty('Dimensions');
    expect(named('Platform/CompensationThrottled').properties).toMatchObject({
      MetricName: 'ExecutionThrottled',
      Threshold: 1,
    });
  });

  it('pages for no throttled relay, whose stream waits', () => {
    const ofFunctions = all('AWS::CloudWatch::Alarm').filter(
      ({ properties }) => properties.MetricName === 'Throttles',
    );

    expect(
      ofFunctions.map(({ properties }) => valueAt(properties, 'Dimensions.0.Value')).sort(),
    ).toEqual(['AcceptPayment', 'ChargePayment', 'ExecuteRefund', 'InquirePayment']);
  });

  it.each([
    ['EventsUndelivered', 'FailedInvocations'],
    ['EventsLost', 'InvocationsFailedToBeSentToDlq'],
  ])('fires %s for every rule of the bus', (name, metric) => {
    const { properties } = named(`Platform/${name}`);
    const buses = all('AWS::Events::Rule').map((rule) => toText(rule.properties.EventBusName));

    expect(toList(properties.Metrics)).toEqual([
      expect.objectContaining({
        Expression: `SELECT SUM(${metric}) FROM "AWS/Events" WHERE EventBusName = '${buses[0]}'`,
        Period: 300,
        ReturnData: true,
      }),
    ]);
    expect(new Set(buses).size).toBe(1);
    expect(properties).toMatchObject({ Threshold: 1, TreatMissingData: 'notBreaching' });
  });

  it('fires for errors of DynamoDB and throttled reads of each table and its indexes', () => {
    for (const table of ['Orders', 'Payments', 'Refunds', 'Balances', 'Products', 'Idempotency']) {
      const metrics = namedMetricsOf(named(`Alarms/${table}Errors`).properties);
      const reads = metrics.filter(({ name }) => name === 'ReadThrottleEvents');
      const errors = metrics.filter(({ name }) => name === 'SystemErrors');
      const indexes = toList(named(table).properties.GlobalSecondaryIndexes);

      expect(metrics.map(({ dimensions }) => dimensions.TableName)).toEqual(
        metrics.map(() => table),
      );
      expect(reads.map(({ dimensions }) => dimensions.GlobalSecondaryIndexName)).toEqual([
        undefined,
        ...indexes.map((index) => toText(valueAt(index, 'IndexName'))),
      ]);
      expect(errors.map(({ dimensions }) => dimensions.Operation)).toContain('TransactWriteItems');
    }
  });

  it('has no alarm on DynamoDB that keeps its state while there is no data', () => {
    expect(alarms.filter(({ properties }) => properties.Namespace === 'AWS/DynamoDB')).toEqual([]);
  });

  it('has at most ten metrics in each alarm', () => {
    for (const { name, properties } of alarms)
      expect(metricsOf(properties).length, name).toBeLessThanOrEqual(10);
  });

  it('fires if the API answers with 5xx more often than a fast burn of the budget', () => {
    const { properties } = named('Api/Alarms/Errors');

    expect(properties).toMatchObject({ Threshold: expect.closeTo(0.0144) });
    expect(valueAt(properties, 'Metrics.0.Expression')).toBe(
      'IF(errors >= 5, errors / requests, 0)',
    );
    expect(namedMetricsOf(properties)).toEqual(
      ['5xx', 'Count'].map((name) => ({
        name,
        dimensions: { ApiId: 'Api/Http', Stage: '$default' },
      })),
    );
  });

  it('counts the throttled requests of the access log', () => {
    const filter = named('Api/Alarms/ThrottledRequests').properties;
    const transformation = toList(filter.MetricTransformations)[0] ?? {};
    const format = toText(valueAt(named('Api/Stage').properties, 'AccessLogSettings.Format'));

    expect(filter.LogGroupName).toBe('Api/AccessLogs');
    expect(filter.FilterPattern).toBe('{ $.status = "429" }');
    // The pattern compares texts: the log must have the status as a text.
    expect(JSON.parse(format)).toMatchObject({ status: '$context.status' });
    expect(named('Api/Alarms/Throttled').properties).toMatchObject({
      Namespace: valueAt(transformation, 'MetricNamespace'),
      MetricName: valueAt(transformation, 'MetricName'),
      Statistic: 'Sum',
      Threshold: 100,
    });
  });

  it('measures the latency of the route that accepts payments, and throttles it by its group', () => {
    const [route] = routes.filter((one) => one.function === 'accept-payment');
    const { rateLimit, burstLimit } = stages[stage].routeThrottles.purchase;
    const { properties } = named('Api/Stage');

    expect(properties.RouteSettings).toMatchObject({
      [`${route?.method} ${route?.path}`]: {
        DetailedMetricsEnabled: true,
        ThrottlingRateLimit: rateLimit,
        ThrottlingBurstLimit: burstLimit,
      },
    });
    expect(named('Api/Alarms/AcceptLatency').properties).toMatchObject({
      Namespace: 'AWS/ApiGateway',
      MetricName: 'Latency',
      ExtendedStatistic: 'p99',
      Threshold: 2_000,
      EvaluationPeriods: 3,
      EvaluateLowSampleCountPercentile: 'ignore',
      Dimensions: [
        { Name: 'ApiId', Value: 'Api/Http' },
        { Name: 'Method', Value: route?.method },
        { Name: 'Resource', Value: route?.path },
        { Name: 'Stage', Value: '$default' },
      ],
    });
  });

  it('neither retries nor keeps a tick of a schedule, and fires if Lambda drops one', () => {
    for (const [schedule, target] of [
      ['Sweep', 'SweepPayments'],
      ['Backlog', 'MeasureBacklog'],
    ]) {
      expect(
        all('AWS::Lambda::EventInvokeConfig').find(
          ({ properties }) => properties.FunctionName === target,
        )?.properties,
      ).toMatchObject({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
      expect(named(`${schedule}/DroppedAlarm`).properties).toMatchObject({
        MetricName: 'AsyncEventsDropped',
        Dimensions: [{ Name: 'FunctionName', Value: target }],
        Threshold: 1,
      });
    }
  });
});

it('has no alarm on metric math in the local stage, whose AWS rejects it', () => {
  const { all } = synthesize(contexts.local);

  expect(all('AWS::CloudWatch::Alarm').filter(({ properties }) => properties.Metrics)).toEqual([]);
  expect(all('AWS::Logs::MetricFilter')).toEqual([]);
});
