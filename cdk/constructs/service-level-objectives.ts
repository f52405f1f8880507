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
import { describedBy, type RunbookEntry } from './runbook.ts';
import type { ServiceFunction } from './service-function.ts';
import { serviceMetric } from './service-metric.ts';

interface PromisesProps {
  readonly accept: ServiceFunction;
  /** Those that may say a payment's final word. */
  readonly deciders: readonly ServiceFunction[];
}

/** Of 30 days' requests to pay, so many may fail; and of their payments, so many may be final late. */
const allowedShare = 0.001;

/** An hour of it takes 2 % of what is allowed for 30 days: https://sre.google/workbook/alerting-on-slos/ */
const burnRate = 14.4;

/** The long window says that it matters, the short one that it goes on. */
const windows = { Hour: Duration.hours(1), FiveMinutes: Duration.minutes(5) };

interface Counts {
  readonly bad: readonly Metric[];
  readonly good: readonly Metric[];
}

/** What a buyer is promised, and the alarms of a promise that is being used up too fast. Both windows must agree before it rings. */
export class Promises extends Construct {
  constructor(scope: Construct, id: string, { accept, deciders }: PromisesProps) {
    super(scope, id);

    this.keep('AcceptAvailable', 'accept-unavailable', (period) => {
      const counted = (outcome: string) =>
        serviceMetric('AnswerLatency', accept.folder, { outcome }, sampled(period));
      const summed = { statistic: Stats.SUM, period };

      return {
        // Of a function that crashes, runs out of time or cannot start, nothing is heard but by AWS.
        bad: [counted('failed'), accept.metricErrors(summed), accept.metricThrottles(summed)],
        good: [counted('answered'), counted('replayed'), counted('refused')],
      };
    });
    this.keep('DecidedInTime', 'decisions-late', (period) => {
      const counted = (decided: string) =>
        deciders.map(({ folder }) =>
          serviceMetric('DecisionLatency', folder, { decided }, sampled(period)),
        );

      return { bad: counted('late'), good: counted('in time') };
    });
  }

  private keep(promise: string, entry: RunbookEntry, countsIn: (period: Duration) => Counts) {
    const burning = Object.entries(windows).map(
      ([window, period]) =>
        new Alarm(this, `${promise}In${window}`, {
          metric: shareOf(countsIn(period), period),
          threshold: burnRate * allowedShare,
          evaluationPeriods: 1,
          comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
          treatMissingData: TreatMissingData.NOT_BREACHING,
          alarmDescription: describedBy(entry),
        }),
    );
    new CompositeAlarm(this, promise, {
      alarmRule: AlarmRule.allOf(...burning),
      alarmDescription: describedBy(entry),
    });
  }
}

const sampled = (period: Duration) => ({ statistic: Stats.SAMPLE_COUNT, period });

const shareOf = ({ bad, good }: Counts, period: Duration): MathExpression => {
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
