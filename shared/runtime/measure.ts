import { Metrics } from '@aws-lambda-powertools/metrics';
import { type DimensionsOf, type MetricName, metricCatalogue } from '../domain/metrics.ts';

/** Not published yet: one entry, and so one line, for all that was measured under the same dimensions. */
const lines = new Map<string, Metrics>();

const lineOf = (dimensions: Readonly<Record<string, string>>): Metrics => {
  const key = JSON.stringify(dimensions);
  const known = lines.get(key);
  if (known) return known;
  const line = new Metrics();
  for (const [name, value] of Object.entries(dimensions)) line.addDimension(name, value);
  lines.set(key, line);

  return line;
};

/** Notes one value of a metric of the catalogue, in the metric's unit. It is told with the rest of the invocation. */
export const measure = <N extends MetricName>(
  name: N,
  value: number,
  dimensions: DimensionsOf<N>,
): void => {
  lineOf(dimensions).addMetric(name, metricCatalogue[name].unit, value);
};

/** Tells all that was measured since the last time: once an invocation, at its end, in CloudWatch's embedded metric format. */
export const publishMeasures = (): void => {
  for (const line of lines.values()) line.publishStoredMetrics();
  lines.clear();
};

/** Measures how long the handling of one thing takes, by what came of it; what is thrown has failed. */
export const timed = async <T>(work: () => Promise<T>, outcomeOf: (value: T) => string) => {
  const began = performance.now();
  let outcome = 'failed';
  try {
    const value = await work();
    outcome = outcomeOf(value);

    return value;
  } finally {
    measure('HandlingLatency', Math.round(performance.now() - began), { outcome });
  }
};
