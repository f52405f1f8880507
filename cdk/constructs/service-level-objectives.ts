import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmRule,
  ComparisonOperator,
  MathExpression,
  type Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { sumOf } from './alarm-metrics.ts';
import { RunbookCompositeAlarm, type RunbookEntry, runbookLink } from './runbook.ts';
import type { ServiceFunction } from './service-function.ts';
import { serviceMetric } from './service-metric.ts';

interface ServiceLevelObjectivesProps {
  readonly accept: ServiceFunction;
  /** Functions that can give a payment its final status. */
  readonly finalStatusFunctions: readonly ServiceFunction[];
}

/** Share of the accept requests of 30 days that may fail, and of their payments that may be final late. */
const errorBudget = 0.001;

/** One hour at this rate uses 2 % of the 30-day budget: https://sre.google/workbook/alerting-on-slos/ */
const burnRate = 14.4;

/** The share of failures that is a fast burn. */
export const fastBurnErrorRate = burnRate * errorBudget;

/** The long window shows that the burn is significant, the short one, which is the last, that it continues. */
const burnRateWindows = { Hour: Duration.hours(1), FiveMinutes: Duration.minutes(5) };

interface Counts {
  readonly bad: readonly Metric[];
  readonly good: readonly Metric[];
}

/** Multi-window burn-rate alarms for the two SLOs. An alarm fires only if both windows breach. */
export class ServiceLevelObjectives extends Construct {
  /** The alarms of the short window, which show a burn within minutes. */
  readonly shortWindowAlarms: Alarm[] = [];

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
        // A function that crashes, times out or cannot start emits no metric of ours, only those of AWS.
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
    objective: string,
    entry: RunbookEntry,
    countsIn: (period: Duration) => Counts,
  ) {
    const burnRateAlarms = Object.entries(burnRateWindows).map(
      ([window, period]) =>
        new Alarm(this, `${objective}In${window}`, {
          metric: errorRate(countsIn(period), period),
          threshold: fastBurnErrorRate,
          evaluationPeriods: 1,
          comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
          treatMissingData: TreatMissingData.NOT_BREACHING,
          alarmDescription: runbookLink(entry),
        }),
    );
    this.shortWindowAlarms.push(...burnRateAlarms.slice(-1));
    new RunbookCompositeAlarm(this, objective, {
      alarmRule: AlarmRule.allOf(...burnRateAlarms),
      entry,
    });
  }
}

const sampleCount = (period: Duration) => ({ statistic: Stats.SAMPLE_COUNT, period });

const errorRate = (counts: Counts, period: Duration): MathExpression => {
  const bad = sumOf('bad', counts.bad);
  const good = sumOf('good', counts.good);

  return new MathExpression({
    expression: `(${bad.expression}) / (${bad.expression} + ${good.expression})`,
    usingMetrics: { ...bad.usingMetrics, ...good.usingMetrics },
    period,
  });
};
