import { globSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { eventData } from '../../shared/domain/events/domain-event.ts';
import { metricCatalogue, metricNamespace } from '../../shared/observability/metric-catalogue.ts';
import { alarmsOf, metricsOf } from '../support/cdk/alarms.ts';
import { toList, toText, valueAt } from '../support/cdk/intrinsics.ts';
import { contexts, synthesize } from '../support/cdk/synthesis.ts';

const sources = globSync('{functions,shared}/**/*.ts').map((path) => readFileSync(path, 'utf8'));

it('emits exactly the metrics of the catalogue', () => {
  const emitted = sources.flatMap((text) =>
    [...text.matchAll(/\brecordMetric\('(\w+)'/g)].map(([, name]) => name),
  );

  expect([...new Set(emitted)].sort()).toEqual(Object.keys(metricCatalogue).sort());
  expect(sources.filter((text) => text.includes('.addMetric('))).toHaveLength(1);
});

describe.each(Object.entries(contexts))('metrics in alarms (%s)', (_, context) => {
  it('uses only dimension values that the named function emits', () => {
    const metrics = alarmsOf(synthesize(context)).flatMap(({ properties }) => [
      properties,
      ...metricsOf(properties),
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
});
