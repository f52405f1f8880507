import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { canaryBuyer, canarySku } from '../shared/domain/canary.ts';
import { externalConsumers } from '../shared/domain/events/subscriptions.ts';
import { sumOfCounts, sumOverFiveMinutes } from './constructs/alarm-metrics.ts';
import type { EventConsumer } from './constructs/event-consumer.ts';
import { createRunbookAlarm } from './constructs/runbook.ts';
import { ScheduledFunction } from './constructs/scheduled-function.ts';
import type { ServiceFunction } from './constructs/service-function.ts';
import { serviceMetric } from './constructs/service-metric.ts';
import type { FunctionFactory } from './functions/function-factory.ts';
import type { Settings } from './settings.ts';
import type { StageProfile } from './stages.ts';

/** Whether the stage pays canary orders. */
export const hasCanaryPayments = ({ canaryPayments }: Settings, profile: StageProfile): boolean =>
  canaryPayments === undefined ? profile.canaryPayments : canaryPayments === 'on';

/** The buyer whose events a consumer does not receive; also if the canary is turned off, for events on their way. */
export const excludedBuyerFor = (consumer: string, profile: StageProfile): string | undefined =>
  profile.canaryPayments && externalConsumers.some((external) => external === consumer)
    ? canaryBuyer
    : undefined;

interface CanaryPaymentsProps {
  readonly factory: FunctionFactory;
  /** All functions: those behind the routes that a canary order uses, and those that process it. */
  readonly functions: Readonly<
    Record<'create-order' | 'accept-payment' | 'get-payment', ServiceFunction>
  >;
  readonly consumers: readonly EventConsumer[];
}

const createPayer = ({ factory: { addFunction, tables }, functions }: CanaryPaymentsProps) => {
  const { products } = tables;

  return addFunction('pay-canary-order', {
    // It waits up to 30 s for the final status, after the answers of two functions.
    timeout: Duration.seconds(55),
    environment: { [products.variable]: products.tableName },
  })
    .grantCall(functions['create-order'], 'CREATE_ORDER_FUNCTION')
    .grantCall(functions['accept-payment'], 'ACCEPT_PAYMENT_FUNCTION')
    .grantCall(functions['get-payment'], 'GET_PAYMENT_FUNCTION')
    .grantActions(['dynamodb:PutItem'], products.tableArn, {
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [canarySku] },
    });
};

/** Of the five orders of five minutes. One may meet a deployment or a cold start. */
const minSucceeded = 3;

/** Pays a canary order every minute, and alarms if too few succeed or none runs. */
export class CanaryPayments extends ScheduledFunction {
  readonly payer: ServiceFunction;
  readonly outputs: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: CanaryPaymentsProps) {
    const payer = createPayer(props);
    super(scope, id, {
      target: payer,
      entry: 'canary-undelivered',
      profile: props.factory.profile,
    });
    this.payer = payer;
    // Earlier versions do not know the canary: their functions give its items no expiration, and their rules send its
    // events to all consumers.
    this.schedule.node.addDependency(...Object.values(props.functions), ...props.consumers);

    const succeeded = serviceMetric(
      'CanaryPayments',
      payer.folder,
      { outcome: 'succeeded' },
      sumOverFiveMinutes,
    );
    createRunbookAlarm(this, 'FailingAlarm', {
      // Five minutes without a success count as zero. As missing data, they would leave the alarm to earlier values for
      // some periods ("Configuring how CloudWatch alarms treat missing data").
      metric: sumOfCounts([succeeded]),
      entry: 'canary-payments-failing',
      threshold: minSucceeded,
      comparison: 'below',
    });
    this.outputs = {
      FunctionPayCanaryOrder: payer.functionName,
      QueueCanaryPaymentsDeadLettersUrl: this.deadLetterQueue.queueUrl,
    };
  }
}
