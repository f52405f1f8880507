import { Duration } from 'aws-cdk-lib';
import { MathExpression, type Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';

/** How alarms read a metric that counts. */
export const sumOverFiveMinutes = { statistic: Stats.SUM, period: Duration.minutes(5) };

/** How alarms read the size or the age of something that waits. */
export const maximumPerMinute = { statistic: Stats.MAXIMUM, period: Duration.minutes(1) };

/** Part of a math expression: the metrics by the names that they have in it. */
interface MetricSum {
  readonly expression: string;
  readonly usingMetrics: Readonly<Record<string, Metric>>;
}

/**
 * The sum of metrics in a math expression, each named by the prefix and its position. A metric without data in a period
 * counts as zero there. An alarm has at most ten metrics:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html
 */
export const sumOf = (prefix: string, metrics: readonly Metric[]): MetricSum => ({
  expression: metrics.map((_, index) => `FILL(${prefix}${index}, 0)`).join(' + '),
  usingMetrics: Object.fromEntries(metrics.map((metric, index) => [`${prefix}${index}`, metric])),
});

/** The sum of counts over five minutes, for one alarm about several metrics. */
export const sumOfCounts = (counts: readonly Metric[]): MathExpression =>
  new MathExpression({ ...sumOf('count', counts), period: sumOverFiveMinutes.period });
