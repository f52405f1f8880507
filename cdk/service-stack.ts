import { Stack } from 'aws-cdk-lib';
import { AlarmBase, CompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { subscriptionFilters, subscriptions } from '../shared/domain/events/domain-event.ts';
import { routes } from '../shared/http/routes.ts';
import { Alarms } from './constructs/alarms.ts';
import { BacklogSchedule } from './constructs/backlog-schedule.ts';
import { BuyerPool } from './constructs/buyer-pool.ts';
import { ChangeRelay } from './constructs/change-relay.ts';
import { CompensationWorkflow } from './constructs/compensation-workflow.ts';
import { grantDeadLetterAccess } from './constructs/dead-letter-access.ts';
import { EventConsumer, type Polling } from './constructs/event-consumer.ts';
import { pascalCase } from './constructs/names.ts';
import { addOutputs } from './constructs/outputs.ts';
import { PaymentApi } from './constructs/payment-api.ts';
import { PaymentDashboard } from './constructs/payment-dashboard.ts';
import { ServiceLevelObjectives } from './constructs/service-level-objectives.ts';
import { SigningSecret } from './constructs/signing-secret.ts';
import { SweeperSchedule } from './constructs/sweeper-schedule.ts';
import type { DataStack } from './data-stack.ts';
import { createServiceFunctions } from './service-functions.ts';
import type { Endpoints, Settings } from './settings.ts';
import { type StageProfile, stages } from './stages.ts';

interface ServiceStackProps {
  readonly data: DataStack;
  readonly endpoints: Endpoints;
  readonly settings: Settings;
}

/** The way of a payment: accepted, published, charged or undone, and told. */
export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, { data, endpoints, settings }: ServiceStackProps) {
    super(scope, id);
    const { bus, tables } = data;
    const profile = stages[settings.stage];

    const signingSecret = new SigningSecret(this, 'NotificationsSecret', profile);
    // Toss signs no webhook about a payment.
    const webhookSecret =
      settings.pgAdapter === 'toss'
        ? undefined
        : new SigningSecret(this, 'PgWebhookSecret', profile);
    const functions = createServiceFunctions(this, {
      tables,
      endpoints,
      signingSecret,
      webhookSecret,
      settings,
    });

    if (settings.api === 'http') {
      const { corsOrigins, tokens = new BuyerPool(this, 'Buyers', profile) } = settings;
      const api = new PaymentApi(this, 'Api', { routes, functions, tokens, corsOrigins, profile });
      addOutputs(this, api.outputs);
      if (tokens instanceof BuyerPool) addOutputs(this, tokens.outputs);
    }

    const { orders, payments, refunds, loyaltyPoints } = tables;
    const relay = new ChangeRelay(this, 'Relay', {
      bus,
      tables: { orders, payments, refunds, loyaltyPoints },
      relay: functions['relay-changes'],
      profile,
    });

    const addConsumer = (folder: keyof typeof subscriptions, polling?: Polling) =>
      new EventConsumer(this, {
        bus,
        events: subscriptions[folder],
        requiredField: subscriptionFilters[folder],
        consumer: functions[folder],
        entry: folder,
        ...(polling && { polling }),
        profile,
      });
    const boundedConcurrency = { maxConcurrency: settings.chargeConcurrency ?? 10 };
    const provisionedPollers =
      settings.chargeConcurrency === undefined && provisionedPollersFor(profile);
    const charges = addConsumer('charge-payment', provisionedPollers || boundedConcurrency);
    const inquiries = addConsumer('inquire-payment', boundedConcurrency);
    const refundExecutions = addConsumer('execute-refund', boundedConcurrency);
    // What has to wait waits as a message of its own, which costs the old one none of its tries.
    functions['charge-payment'].allowRequeue(charges.queue);
    functions['inquire-payment'].allowRequeue(inquiries.queue);
    functions['execute-refund'].allowRequeue(refundExecutions.queue);
    for (const one of [functions['request-inquiry'], functions['receive-webhook']])
      one.grantSend(inquiries.queue, 'INQUIRY_QUEUE_URL');
    const downstreamConsumers = [
      addConsumer('send-to-data-platform'),
      addConsumer('notify-buyer'),
      addConsumer('update-ranking'),
      addConsumer('add-loyalty-points'),
      addConsumer('open-review'),
      addConsumer('close-review'),
    ];

    const consumers = [
      charges,
      inquiries,
      refundExecutions,
      addConsumer('refund-cancelled-payment'),
      ...downstreamConsumers,
    ];

    const compensation = new CompensationWorkflow(this, 'Compensation', {
      bus,
      steps: [functions['restore-stock'], functions['restore-balance'], functions['release-order']],
      finish: functions['finish-compensation'],
      profile,
    });

    const sweeperSchedule = new SweeperSchedule(this, 'Sweep', {
      bus,
      sweeper: functions['sweep-payments'],
      profile,
    });

    const backlogSchedule = new BacklogSchedule(this, 'Backlog', {
      measurer: functions['measure-backlog'],
      profile,
    });

    const criticalPathFunctions = [
      functions['accept-payment'],
      functions['relay-changes'],
      functions['charge-payment'],
      functions['inquire-payment'],
      functions['execute-refund'],
    ];
    new Alarms(this, 'Alarms', {
      relay: functions['relay-changes'],
      sweeper: functions['sweep-payments'],
      webhookReceiver: functions['receive-webhook'],
      orderCreator: functions['create-order'],
      paymentAcceptor: functions['accept-payment'],
      reviewLister: functions['list-reviews'],
      inquirer: functions['inquire-payment'],
      gatewayCallers: [
        functions['charge-payment'],
        functions['inquire-payment'],
        functions['execute-refund'],
      ],
      criticalPathFunctions: criticalPathFunctions,
      ledgerWriters: [
        functions['charge-payment'],
        functions['inquire-payment'],
        functions['execute-refund'],
        functions['resolve-review'],
        functions['restore-stock'],
        functions['restore-balance'],
        functions['release-order'],
      ],
      tables: [
        tables.orders,
        tables.payments,
        tables.refunds,
        tables.balances,
        tables.products,
        tables.idempotency,
      ],
    });
    if (profile.sloAlarms)
      new ServiceLevelObjectives(this, 'Slo', {
        accept: functions['accept-payment'],
        finalStatusFunctions: [
          functions['charge-payment'],
          functions['inquire-payment'],
          functions['sweep-payments'],
          functions['resolve-review'],
        ],
      });

    grantDeadLetterAccess(this, {
      bus,
      tables,
      lister: functions['list-dead-letters'],
      redriver: functions['redrive-dead-letters'],
    });
    new PaymentDashboard(this, 'Dashboard', {
      relay: functions['relay-changes'],
      consumers,
      compensation: compensation.stateMachine,
    });

    addOutputs(this, {
      EventBusName: bus.eventBusName,
      NotificationsSecretArn: signingSecret.secretArn,
      ...(webhookSecret && { PgWebhookSecretArn: webhookSecret.secretArn }),
      ...relay.outputs,
      ...compensation.outputs,
      ...sweeperSchedule.outputs,
      ...backlogSchedule.outputs,
    });
    for (const table of Object.values(tables))
      addOutputs(this, { [`Table${table.node.id}`]: table.tableName });
    for (const one of Object.values(functions))
      addOutputs(this, { [`Function${pascalCase(one.folder)}`]: one.functionName });
    for (const consumer of consumers) addOutputs(this, consumer.outputs);

    if (settings.alarmTopicArn) this.notifyOnAlarm(settings.alarmTopicArn);
  }

  private notifyOnAlarm(topicArn: string): void {
    const action = new SnsAction(Topic.fromTopicArn(this, 'AlarmTopic', topicArn));
    for (const one of this.node.findAll()) {
      // Of a composed alarm, the parts alone wake nobody.
      const isPart =
        one.node.scope instanceof ServiceLevelObjectives && !(one instanceof CompositeAlarm);
      if (one instanceof AlarmBase && !isPart) one.addAlarmAction(action);
    }
  }
}

const provisionedPollersFor = ({ chargePollers }: StageProfile): Polling | undefined =>
  chargePollers && { provisionedPollerConfig: chargePollers };
