import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toList, toText, valueAt } from '../support/cdk/intrinsics.ts';
import { contexts, synthesize } from '../support/cdk/synthesis.ts';

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
