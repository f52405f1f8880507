import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { type IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { maximumPerMinute, sumOverFiveMinutes } from './alarm-metrics.ts';
import { createRunbookAlarm } from './runbook.ts';

interface PlatformAlarmsProps {
  readonly bus: IEventBus;
  readonly compensation: IStateMachine;
  readonly relay: IFunction;
  /** The account's quota of concurrent executions. */
  readonly concurrencyQuota: number;
}

/** Share of the account's concurrency that leaves time to raise the quota before Lambda throttles. */
const concurrencyShare = 0.8;

/** Alarms on metrics of AWS that belong to no function or queue alone. Those of Lambda count the whole account. */
export class PlatformAlarms extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { bus, compensation, relay, concurrencyQuota }: PlatformAlarmsProps,
  ) {
    super(scope, id);

    createRunbookAlarm(this, 'Concurrency', {
      metric: LambdaFunction.metricAllConcurrentExecutions(maximumPerMinute),
      entry: 'account-concurrency',
      threshold: Math.floor(concurrencyQuota * concurrencyShare),
      evaluationPeriods: 3,
    });
    // Without a dimension the metric is the sum of all functions: an alarm could add up only ten of them. Under load the
    // relay is throttled as a rule, because its streams have more lanes than it has environments.
    createRunbookAlarm(this, 'FunctionsThrottled', {
      metric: new MathExpression({
        expression: 'FILL(all, 0) - FILL(relay, 0)',
        usingMetrics: {
          all: LambdaFunction.metricAllThrottles(sumOverFiveMinutes),
          relay: relay.metricThrottles(sumOverFiveMinutes),
        },
        period: sumOverFiveMinutes.period,
      }),
      entry: 'any-throttled',
    });
    createRunbookAlarm(this, 'CompensationThrottled', {
      metric: compensation.metricThrottled(sumOverFiveMinutes),
      entry: 'any-throttled',
    });
    createRunbookAlarm(this, 'EventsUndelivered', {
      metric: countOfRules('FailedInvocations', bus),
      entry: 'events-undelivered',
    });
    createRunbookAlarm(this, 'EventsLost', {
      metric: countOfRules('InvocationsFailedToBeSentToDlq', bus),
      entry: 'events-lost',
    });
  }
}

/** The sum over all rules of the bus, by a query of Metrics Insights: there are more rules than metrics in an alarm. */
const countOfRules = (metricName: string, { eventBusName }: IEventBus) =>
  new MathExpression({
    expression: `SELECT SUM(${metricName}) FROM "AWS/Events" WHERE EventBusName = '${eventBusName}'`,
    period: sumOverFiveMinutes.period,
  });
