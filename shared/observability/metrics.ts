import { LogLevelThreshold } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { logger, safely } from './logger.ts';
import { type MetricDimensions, type MetricName, metricCatalogue } from './metric-catalogue.ts';

/** Not told yet: one entry for all that was measured under the same dimensions. */
const pendingMetrics = new Map<string, Metrics>();

/** What is told is emptied and taken again, because a new one makes a console of its own. */
const pool: Metrics[] = [];

const recycle = (metrics: Metrics): void => {
  metrics.clearMetrics();
  metrics.clearDimensions();
  pool.push(metrics);
};

const metricsFor = (dimensions: Readonly<Record<string, string>>): Metrics => {
  const key = JSON.stringify(dimensions);
  const pending = pendingMetrics.get(key);
  if (pending) return pending;
  const metrics = pool.pop() ?? new Metrics();
  for (const [name, value] of Object.entries(dimensions)) metrics.addDimension(name, value);
  pendingMetrics.set(key, metrics);

  return metrics;
};

/** Notes one value of a metric of the catalogue, in the metric's unit. It is told at the end of the invocation. */
export const recordMetric = <N extends MetricName>(
  name: N,
  value: number,
  dimensions: MetricDimensions<N>,
): void => {
  safely(() => metricsFor(dimensions).addMetric(name, metricCatalogue[name].unit, value));
};

/** What a line says, by name. */
type LogFields = Readonly<Record<string, unknown>>;

/**
 * Tells how an invocation ended well, in one line: the outcome and, in CloudWatch's embedded metric format, all that was measured since the
 * last time. Their header is most of what a line of metrics weighs, so they have none of their own.
 */
export const logOutcome = (message: string, fields: LogFields): void => {
  // Who asks for less to read does not ask for fewer metrics.
  const isInfoEnabled = logger.level <= LogLevelThreshold.INFO;
  let line = fields;
  if (isInfoEnabled)
    safely(() => {
      line = withEmbeddedMetrics(fields);
    });
  safely(() => logger.info(message, line));
  flushMetrics();
};

/** Takes in what was measured. A line can say one thing by one name: what contradicts it waits for a line of its own. */
const withEmbeddedMetrics = (fields: LogFields): LogFields => {
  let line = fields;
  const directives: unknown[] = [];
  for (const [key, metrics] of pendingMetrics) {
    // The service is in every line.
    const { _aws, service, ...measured } = metrics.serializeMetrics();
    if (hasConflict(line, measured)) continue;
    line = { ...line, ...measured };
    directives.push(..._aws.CloudWatchMetrics);
    pendingMetrics.delete(key);
    recycle(metrics);
  }
  if (directives.length === 0) return fields;

  return { ...line, _aws: { Timestamp: Date.now(), CloudWatchMetrics: directives } };
};

const hasConflict = (one: LogFields, other: LogFields): boolean =>
  Object.entries(other).some(([name, value]) => name in one && one[name] !== value);

/** Tells what was measured and is not told yet: at an invocation's end, a line for each set of dimensions. */
export const flushMetrics = (): void => {
  for (const [key, metrics] of pendingMetrics) {
    // First of all, so that what cannot be published does not stay.
    pendingMetrics.delete(key);
    safely(() => metrics.publishStoredMetrics());
    recycle(metrics);
  }
};

/** Measures how long the handling of one thing takes, by what came of it; what is thrown has failed. */
export const withLatency = async <T>(work: () => Promise<T>, outcomeOf: (value: T) => string) => {
  const began = performance.now();
  let outcome = 'failed';
  try {
    const value = await work();
    outcome = outcomeOf(value);

    return value;
  } finally {
    recordMetric('ProcessingLatency', Math.round(performance.now() - began), { outcome });
  }
};
