import { Stack } from 'aws-cdk-lib';
import { AlarmBase, CompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { heardOnlyWith, subscriptions } from '../shared/domain/events/domain-event.ts';
import { routes } from '../shared/http/routes.ts';
import { Alarms } from './constructs/alarms.ts';
import { Backlog } from './constructs/backlog-schedule.ts';
import { BuyerPool } from './constructs/buyer-pool.ts';
import { ChangeRelay } from './constructs/change-relay.ts';
import { Compensation } from './constructs/compensation-workflow.ts';
import { openDesk } from './constructs/dead-letter-access.ts';
import { EventConsumer, type Polling } from './constructs/event-consumer.ts';
import { pascalCase } from './constructs/names.ts';
import { outputs } from './constructs/outputs.ts';
import { PaymentApi } from './constructs/payment-api.ts';
import { PaymentDashboard } from './constructs/payment-dashboard.ts';
import { Promises } from './constructs/service-level-objectives.ts';
import { SigningSecret } from './constructs/signing-secret.ts';
import { Sweep } from './constructs/sweeper-schedule.ts';
import type { DataStack } from './data-stack.ts';
import { serviceFunctions } from './service-functions.ts';
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
    const functions = serviceFunctions(this, {
      tables,
      endpoints,
      signingSecret,
      webhookSecret,
      settings,
    });

    if (settings.api === 'http') {
      const { corsOrigins, tokens = new BuyerPool(this, 'Buyers', profile) } = settings;
      const api = new PaymentApi(this, 'Api', { routes, functions, tokens, corsOrigins, profile });
      outputs(this, api.outputs);
      if (tokens instanceof BuyerPool) outputs(this, tokens.outputs);
    }

    const { orders, payments, refunds, loyaltyPoints } = tables;
    const relay = new ChangeRelay(this, 'Relay', {
      bus,
      tables: { orders, payments, refunds, loyaltyPoints },
      relay: functions['relay-changes'],
      profile,
    });

    const consume = (folder: keyof typeof subscriptions, polling?: Polling) =>
      new EventConsumer(this, {
        bus,
        events: subscriptions[folder],
        onlyWith: heardOnlyWith[folder],
        consumer: functions[folder],
        entry: folder,
        ...(polling && { polling }),
        profile,
      });
    const bounded = { maxConcurrency: settings.chargeConcurrency ?? 10 };
    const ready = settings.chargeConcurrency === undefined && chargePollersOf(profile);
    const charges = consume('charge-payment', ready || bounded);
    const inquiries = consume('inquire-payment', bounded);
    const paybacks = consume('execute-refund', bounded);
    // What has to wait waits as a message of its own, which costs the old one none of its tries.
    functions['charge-payment'].mayPutBack(charges.queue);
    functions['inquire-payment'].mayPutBack(inquiries.queue);
    functions['execute-refund'].mayPutBack(paybacks.queue);
    for (const one of [functions['inquire-now'], functions['receive-webhook']])
      one.maySend(inquiries.queue, 'INQUIRY_QUEUE_URL');
    const listeners = [
      consume('send-to-data-platform'),
      consume('notify-buyer'),
      consume('update-ranking'),
      consume('add-loyalty-points'),
      consume('open-review'),
      consume('close-review'),
    ];

    const consumers = [charges, inquiries, paybacks, consume('refund-cancelled'), ...listeners];

    const compensation = new Compensation(this, 'Compensation', {
      bus,
      steps: [functions['restore-stock'], functions['restore-balance'], functions['release-order']],
      finish: functions['finish-compensation'],
      profile,
    });

    const sweep = new Sweep(this, 'Sweep', {
      bus,
      sweeper: functions['sweep-payments'],
      profile,
    });

    const backlog = new Backlog(this, 'Backlog', {
      measurer: functions['measure-backlog'],
      profile,
    });

    const onTheWay = [
      functions['accept-payment'],
      functions['relay-changes'],
      functions['charge-payment'],
      functions['inquire-payment'],
      functions['execute-refund'],
    ];
    new Alarms(this, 'Alarms', {
      relay: functions['relay-changes'],
      sweeper: functions['sweep-payments'],
      webhooks: functions['receive-webhook'],
      orders: functions['create-order'],
      payments: functions['accept-payment'],
      reviews: functions['list-reviews'],
      inquirer: functions['inquire-payment'],
      gateway: [
        functions['charge-payment'],
        functions['inquire-payment'],
        functions['execute-refund'],
      ],
      functions: onTheWay,
      bookkeepers: [
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
    if (profile.composedAlarms)
      new Promises(this, 'Promises', {
        accept: functions['accept-payment'],
        deciders: [
          functions['charge-payment'],
          functions['inquire-payment'],
          functions['sweep-payments'],
          functions['resolve-review'],
        ],
      });

    openDesk(this, {
      bus,
      tables,
      lists: functions['list-dead-letters'],
      redrives: functions['redrive-dead-letters'],
    });
    new PaymentDashboard(this, 'Dashboard', {
      relay: functions['relay-changes'],
      consumers,
      compensation: compensation.stateMachine,
    });

    outputs(this, {
      EventBusName: bus.eventBusName,
      NotificationsSecretArn: signingSecret.secretArn,
      ...(webhookSecret && { PgWebhookSecretArn: webhookSecret.secretArn }),
      ...relay.outputs,
      ...compensation.outputs,
      ...sweep.outputs,
      ...backlog.outputs,
    });
    for (const table of Object.values(tables))
      outputs(this, { [`Table${table.node.id}`]: table.tableName });
    for (const one of Object.values(functions))
      outputs(this, { [`Function${pascalCase(one.folder)}`]: one.functionName });
    for (const consumer of consumers) outputs(this, consumer.outputs);

    if (settings.alarmTopicArn) this.ring(settings.alarmTopicArn);
  }

  private ring(topicArn: string): void {
    const action = new SnsAction(Topic.fromTopicArn(this, 'AlarmTopic', topicArn));
    for (const one of this.node.findAll()) {
      // Of a composed alarm, the parts alone wake nobody.
      const isPart = one.node.scope instanceof Promises && !(one instanceof CompositeAlarm);
      if (one instanceof AlarmBase && !isPart) one.addAlarmAction(action);
    }
  }
}

const chargePollersOf = ({ chargePollers }: StageProfile): Polling | undefined =>
  chargePollers && { provisionedPollerConfig: chargePollers };
