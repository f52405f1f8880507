import * as z from 'zod';
import { type MetricName, metricCatalogue } from '../../shared/observability/metric-catalogue.ts';

/** CloudWatch's units. */
const bytes = ['Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes', 'Terabytes'];
const bits = ['Bits', 'Kilobits', 'Megabits', 'Gigabits', 'Terabits'];
const dataUnits = [...bytes, ...bits, 'Count'];
const timeUnits = ['Seconds', 'Microseconds', 'Milliseconds'];
const units = [
  ...dataUnits,
  ...dataUnits.map((unit) => `${unit}/Second`),
  ...timeUnits,
  'Percent',
  'None',
];

const name = z.string().min(1).max(1_024);

/**
 * Schema of the EMF header, as strict as the specification.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
const header = z.strictObject({
  Timestamp: z.int().positive(),
  CloudWatchMetrics: z
    .array(
      z.strictObject({
        Namespace: name,
        Dimensions: z.array(z.array(name).max(30)).min(1),
        Metrics: z
          .array(
            z.strictObject({
              Name: name,
              Unit: z.enum(units).optional(),
              StorageResolution: z.union([z.literal(1), z.literal(60)]).optional(),
            }),
          )
          .min(1)
          .max(100),
      }),
    )
    .min(1),
});

const value = z.union([z.number(), z.array(z.number()).min(1).max(100)]);

export interface ExtractedMetric {
  readonly name: string;
  readonly unit: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly values: readonly number[];
}

/** The metrics that CloudWatch extracts from a line; none without a header. Throws if the line violates the specification. */
export const extractMetrics = (
  line: Readonly<Record<string, unknown>>,
): readonly ExtractedMetric[] => {
  if (!('_aws' in line)) return [];

  return header.parse(line._aws).CloudWatchMetrics.flatMap(({ Dimensions, Metrics }) =>
    Dimensions.flatMap((keys) => {
      const dimensions = Object.fromEntries(keys.map((key) => [key, name.parse(line[key])]));

      return Metrics.map(({ Name, Unit = 'None' }) => ({
        name: Name,
        unit: Unit,
        dimensions,
        values: [value.parse(line[Name])].flat(),
      }));
    }),
  );
};

/** Whether a metric matches the catalogue. */
export const isInCatalogue = ({ name: found, unit, dimensions }: ExtractedMetric): boolean => {
  if (!(found in metricCatalogue)) return false;
  const known = metricCatalogue[found as MetricName];
  const wanted = ['service', ...known.dimensions].sort().join();

  return unit === known.unit && Object.keys(dimensions).sort().join() === wanted;
};
