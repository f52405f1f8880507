import type { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import {
  type MetricDimensions,
  type MetricName,
  metricNamespace,
} from '../../shared/observability/metric-catalogue.ts';
import { sumOf } from './metric-sum.ts';

/** A metric of the catalogue, as emitted by one function. */
export const serviceMetric = <N extends MetricName>(
  name: N,
  service: string,
  dimensions: MetricDimensions<N>,
  options: Pick<MetricOptions, 'statistic' | 'period' | 'label'> = {},
): Metric =>
  new Metric({
    ...options,
    namespace: metricNamespace,
    metricName: name,
    dimensionsMap: { service, ...dimensions },
  });

/** The sum of counts, for one alarm about several functions. A count without data in the period is zero. */
export const sumOfCounts = (counts: readonly Metric[], period: Duration): MathExpression =>
  new MathExpression({ ...sumOf('count', counts), period });
