import { LogLevelThreshold } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { currentScope } from './invocation-scope.ts';
import { logger, safely } from './logger.ts';
import {
  type MetricDimensions,
  type MetricName,
  metricCatalogue,
  metricNamespace,
} from './metric-catalogue.ts';

const recycle = (metrics: Metrics): void => {
  metrics.clearMetrics();
  metrics.clearDimensions();
  metrics.clearMetadata();
  currentScope().metricsPool.push(metrics);
};

const metricsFor = (dimensions: Readonly<Record<string, string>>): Metrics => {
  const { service, pendingMetrics, metricsPool } = currentScope();
  const key = JSON.stringify(dimensions);
  const pending = pendingMetrics.get(key);
  if (pending) return pending;
  const metrics =
    metricsPool.pop() ??
    new Metrics(service ? { serviceName: service, namespace: metricNamespace } : {});
  for (const [name, value] of Object.entries(dimensions)) metrics.addDimension(name, value);
  pendingMetrics.set(key, metrics);

  return metrics;
};

/**
 * Records a value of a metric, in the unit of the catalogue. It is published at the end of the invocation.
 */
export const recordMetric = <N extends MetricName>(
  name: N,
  value: number,
  dimensions: MetricDimensions<N>,
): void => {
  safely(() => metricsFor(dimensions).addMetric(name, metricCatalogue[name].unit, value));
};

/** Counts the reads of a secret that fail. An alarm watches them: nothing that needs the secret works without it. */
export const countFailedSecretReads =
  <A extends readonly unknown[], T>(read: (...args: A) => Promise<T>) =>
  async (...args: A): Promise<T> => {
    try {
      return await read(...args);
    } catch (error) {
      recordMetric('SecretReadsFailed', 1, {});
      throw error;
    }
  };

type LogFields = Readonly<Record<string, unknown>>;

/**
 * Logs the outcome of an invocation, with the pending metrics embedded in the same line (CloudWatch embedded
 * metric format): lines of their own would repeat the header.
 */
export const logOutcome = (message: string, fields: LogFields): void => {
  // A higher log level must not lose metrics: flushMetrics publishes them.
  const isInfoEnabled = logger.level <= LogLevelThreshold.INFO;
  let line = fields;
  if (isInfoEnabled)
    safely(() => {
      line = withEmbeddedMetrics(fields);
    });
  safely(() => logger.info(message, line));
  flushMetrics();
};

/** Adds the pending metrics to a log line. A metric whose fields conflict with the line stays pending. */
const withEmbeddedMetrics = (fields: LogFields): LogFields => {
  let line = fields;
  const directives: unknown[] = [];
  const { pendingMetrics } = currentScope();
  for (const [key, metrics] of pendingMetrics) {
    // Every line already has the service.
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

/**
 * Publishes the pending metrics, one line for each set of dimensions. Call it at the end of an invocation.
 */
export const flushMetrics = (): void => {
  const { pendingMetrics, requestId } = currentScope();
  for (const [key, metrics] of pendingMetrics) {
    if (requestId) metrics.addMetadata('requestId', requestId);
    // Deleted first, so that metrics that cannot be published do not stay.
    pendingMetrics.delete(key);
    // Empty if its only metric could not be added: Powertools would write a warning that is not JSON.
    if (metrics.hasStoredMetrics()) safely(() => metrics.publishStoredMetrics());
    recycle(metrics);
  }
};

/**
 * Records the processing latency of `work` by outcome; the outcome of an error is `failed`. Metrics use the
 * time of the process and not the platform's clock: they measure this process, and decide nothing.
 */
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
