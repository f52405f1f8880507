import { type Fields, type Json, toList, valueAt } from './intrinsics.ts';
import type { Resource, Synthesis } from './synthesis.ts';

/** Every alarm of the stacks, the composite ones included. */
export const alarmsOf = ({ all }: Pick<Synthesis, 'all'>): readonly Resource[] => [
  ...all('AWS::CloudWatch::Alarm'),
  ...all('AWS::CloudWatch::CompositeAlarm'),
];

/** The metrics that the metric math of an alarm reads; none if the alarm is on one metric. */
export const metricsOf = ({ Metrics }: Fields): readonly Json[] =>
  toList(Metrics).flatMap((one) => valueAt(one, 'MetricStat.Metric') ?? []);
