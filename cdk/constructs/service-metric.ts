import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import {
  type MetricDimensions,
  type MetricName,
  metricNamespace,
} from '../../shared/observability/metric-catalogue.ts';

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
