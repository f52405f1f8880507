import { LogLevelThreshold } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { logger, safely } from './logger.ts';
import { type DimensionsOf, type MetricName, metricCatalogue } from './metric-catalogue.ts';

/** Not told yet: one entry for all that was measured under the same dimensions. */
const lines = new Map<string, Metrics>();

/** What is told is emptied and taken again, because a new one makes a console of its own. */
const spare: Metrics[] = [];

const emptied = (line: Metrics): void => {
  line.clearMetrics();
  line.clearDimensions();
  spare.push(line);
};

const lineOf = (dimensions: Readonly<Record<string, string>>): Metrics => {
  const key = JSON.stringify(dimensions);
  const known = lines.get(key);
  if (known) return known;
  const line = spare.pop() ?? new Metrics();
  for (const [name, value] of Object.entries(dimensions)) line.addDimension(name, value);
  lines.set(key, line);

  return line;
};

/** Notes one value of a metric of the catalogue, in the metric's unit. It is told at the end of the invocation. */
export const measure = <N extends MetricName>(
  name: N,
  value: number,
  dimensions: DimensionsOf<N>,
): void => {
  safely(() => lineOf(dimensions).addMetric(name, metricCatalogue[name].unit, value));
};

/** What a line says, by name. */
type Told = Readonly<Record<string, unknown>>;

/**
 * Tells how an invocation ended well, in one line: the outcome and, in CloudWatch's embedded metric format, all that was measured since the
 * last time. Their header is most of what a line of metrics weighs, so they have none of their own.
 */
export const tellOutcome = (message: string, told: Told): void => {
  // Who asks for less to read does not ask for fewer metrics.
  const isHeard = logger.level <= LogLevelThreshold.INFO;
  let line = told;
  if (isHeard)
    safely(() => {
      line = withMeasures(told);
    });
  safely(() => logger.info(message, line));
  publishMeasures();
};

/** Takes in what was measured. A line can say one thing by one name: what contradicts it waits for a line of its own. */
const withMeasures = (told: Told): Told => {
  let line = told;
  const directives: unknown[] = [];
  for (const [key, metrics] of lines) {
    // The service is in every line.
    const { _aws, service, ...measured } = metrics.serializeMetrics();
    if (contradict(line, measured)) continue;
    line = { ...line, ...measured };
    directives.push(..._aws.CloudWatchMetrics);
    lines.delete(key);
    emptied(metrics);
  }
  if (directives.length === 0) return told;

  return { ...line, _aws: { Timestamp: Date.now(), CloudWatchMetrics: directives } };
};

const contradict = (one: Told, other: Told): boolean =>
  Object.entries(other).some(([name, value]) => name in one && one[name] !== value);

/** Tells what was measured and is not told yet: at an invocation's end, a line for each set of dimensions. */
export const publishMeasures = (): void => {
  for (const [key, line] of lines) {
    // First of all, so that what cannot be published does not stay.
    lines.delete(key);
    safely(() => line.publishStoredMetrics());
    emptied(line);
  }
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
