import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { maximumPerMinute, sumOverFiveMinutes } from './alarm-metrics.ts';
import { createRunbookAlarm } from './runbook.ts';

interface PlatformAlarmsProps {
  readonly bus: IEventBus;
  readonly compensation: IStateMachine;
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
    { bus, compensation, concurrencyQuota }: PlatformAlarmsProps,
  ) {
    super(scope, id);

    createRunbookAlarm(this, 'Concurrency', {
      metric: LambdaFunction.metricAllConcurrentExecutions(maximumPerMinute),
      entry: 'account-concurrency',
      threshold: Math.floor(concurrencyQuota * concurrencyShare),
      evaluationPeriods: 3,
    });
    // Without a dimension the metric is the sum of all functions. An alarm could add up only ten of them.
    createRunbookAlarm(this, 'FunctionsThrottled', {
      metric: LambdaFunction.metricAllThrottles(sumOverFiveMinutes),
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
