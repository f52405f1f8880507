import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmRule,
  ComparisonOperator,
  CompositeAlarm,
  MathExpression,
  type Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { type RunbookEntry, runbookLink } from './runbook.ts';
import type { ServiceFunction } from './service-function.ts';
import { serviceMetric } from './service-metric.ts';

interface ServiceLevelObjectivesProps {
  readonly accept: ServiceFunction;
  /** Those that may say a payment's final word. */
  readonly finalStatusFunctions: readonly ServiceFunction[];
}

/** Of 30 days' requests to pay, so many may fail; and of their payments, so many may be final late. */
const errorBudget = 0.001;

/** An hour of it takes 2 % of what is allowed for 30 days: https://sre.google/workbook/alerting-on-slos/ */
const burnRate = 14.4;

/** The long window says that it matters, the short one that it goes on. */
const burnRateWindows = { Hour: Duration.hours(1), FiveMinutes: Duration.minutes(5) };

interface Counts {
  readonly bad: readonly Metric[];
  readonly good: readonly Metric[];
}

/** What a buyer is promised, and the alarms of a promise that is being used up too fast. Both windows must agree before it rings. */
export class ServiceLevelObjectives extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { accept, finalStatusFunctions }: ServiceLevelObjectivesProps,
  ) {
    super(scope, id);

    this.addBurnRateAlarm('AcceptAvailability', 'slo-accept-availability', (period) => {
      const counted = (outcome: string) =>
        serviceMetric('RequestLatency', accept.folder, { outcome }, sampleCount(period));
      const summed = { statistic: Stats.SUM, period };

      return {
        // Of a function that crashes, runs out of time or cannot start, nothing is heard but by AWS.
        bad: [counted('failed'), accept.metricErrors(summed), accept.metricThrottles(summed)],
        good: [counted('succeeded'), counted('replayed'), counted('rejected')],
      };
    });
    this.addBurnRateAlarm('TimeToFinalStatus', 'slo-time-to-final-status', (period) => {
      const counted = (withinObjective: string) =>
        finalStatusFunctions.map(({ folder }) =>
          serviceMetric('TimeToFinalStatus', folder, { withinObjective }, sampleCount(period)),
        );

      return { bad: counted('false'), good: counted('true') };
    });
  }

  private addBurnRateAlarm(
    promise: string,
    entry: RunbookEntry,
    countsIn: (period: Duration) => Counts,
  ) {
    const burnRateAlarms = Object.entries(burnRateWindows).map(
      ([window, period]) =>
        new Alarm(this, `${promise}In${window}`, {
          metric: errorRate(countsIn(period), period),
          threshold: burnRate * errorBudget,
          evaluationPeriods: 1,
          comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
          treatMissingData: TreatMissingData.NOT_BREACHING,
          alarmDescription: runbookLink(entry),
        }),
    );
    new CompositeAlarm(this, promise, {
      alarmRule: AlarmRule.allOf(...burnRateAlarms),
      alarmDescription: runbookLink(entry),
    });
  }
}

const sampleCount = (period: Duration) => ({ statistic: Stats.SAMPLE_COUNT, period });

const errorRate = ({ bad, good }: Counts, period: Duration): MathExpression => {
  const named = (prefix: string, metrics: readonly Metric[]) =>
    metrics.map((metric, index): [string, Metric] => [`${prefix}${index}`, metric]);
  const parts = { bad: named('bad', bad), good: named('good', good) };
  // A count that nobody emitted in the window is none.
  const sum = (metrics: readonly [string, Metric][]) =>
    metrics.map(([name]) => `FILL(${name}, 0)`).join(' + ');

  return new MathExpression({
    expression: `(${sum(parts.bad)}) / (${sum([...parts.bad, ...parts.good])})`,
    usingMetrics: Object.fromEntries([...parts.bad, ...parts.good]),
    period,
  });
};
