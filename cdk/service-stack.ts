import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { subscriptionFilters, subscriptions } from '../shared/domain/events/subscriptions.ts';
import { routes } from '../shared/http/routes.ts';
import { CanaryPayments, excludedBuyerFor, hasCanaryPayments } from './canary-payments.ts';
import { checkConcurrency, pollingOf } from './concurrency.ts';
import { notifyTopics } from './constructs/alarm-topics.ts';
import { Alarms } from './constructs/alarms.ts';
import { BacklogSchedule } from './constructs/backlog-schedule.ts';
import { BuyerPool } from './constructs/buyer-pool.ts';
import { CanaryDeployments } from './constructs/canary-deployments.ts';
import { ChangeRelay } from './constructs/change-relay.ts';
import { CompensationWorkflow } from './constructs/compensation-workflow.ts';
import { grantDeadLetterAccess } from './constructs/dead-letter-access.ts';
import { findDeadLetterQueues } from './constructs/dead-letter-queue.ts';
import { restrictPublishers } from './constructs/deny-others.ts';
import { EventConsumer } from './constructs/event-consumer.ts';
import { pascalCase } from './constructs/names.ts';
import { createApiStack, monitoringStackOf } from './constructs/nested-stacks.ts';
import { PaymentApi } from './constructs/payment-api.ts';
import { PaymentDashboard } from './constructs/payment-dashboard.ts';
import { PlatformAlarms } from './constructs/platform-alarms.ts';
import type { ServiceFunction } from './constructs/service-function.ts';
import { ServiceLevelObjectives } from './constructs/service-level-objectives.ts';
import { SigningSecret } from './constructs/signing-secret.ts';
import { SweeperSchedule } from './constructs/sweeper-schedule.ts';
import { TableBackups } from './constructs/table-backups.ts';
import type { DataStack } from './data-stack.ts';
import { createApiFunctions } from './functions/api-functions.ts';
import { createEventFunctions } from './functions/event-functions.ts';
import { createFunctionFactory, type FunctionFactory } from './functions/function-factory.ts';
import { serviceTablesOf } from './restored-tables.ts';
import type { Endpoints, Settings } from './settings.ts';
import { type StageProfile, stages } from './stages.ts';

interface ServiceStackProps extends StackProps {
  readonly data: DataStack;
  readonly endpoints: Endpoints;
  readonly settings: Settings;
}

/** Creates every function with its permissions, except for its queue or stream: their constructs grant those. */
const createServiceFunctions = (factory: FunctionFactory) =>
  byFolder([...createApiFunctions(factory), ...createEventFunctions(factory)]);

type ServiceFunctions = ReturnType<typeof createServiceFunctions>;

/**
 * The stateless resources: functions, relay, consumers, compensation and schedules. The API, and the alarms with the
 * dashboard, are nested stacks.
 */
export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, props: ServiceStackProps) {
    super(scope, id, props);
    const { data, endpoints, settings } = props;
    const { bus, backups: store } = data;
    const tables = serviceTablesOf(data.tables, settings);
    const profile = stages[settings.stage];

    const signingSecret = new SigningSecret(this, 'NotificationsSecret', profile);
    // Toss does not sign webhooks about payments.
    const webhookSecret =
      settings.pgAdapter === 'toss'
        ? undefined
        : new SigningSecret(this, 'PgWebhookSecret', profile);
    const factory = createFunctionFactory(this, {
      tables,
      endpoints,
      signingSecret,
      webhookSecret,
      settings,
    });
    const functions = createServiceFunctions(factory);

    if (profile.onAws) this.addCanaries(functions, settings);
    if (settings.api === 'http') this.addApi(functions, settings, profile);
    const { orders, payments, refunds, loyaltyPoints, deliveries, audits } = tables;
    const relayedTables = { orders, payments, refunds, loyaltyPoints };
    const relay = new ChangeRelay(this, 'Relay', {
      bus,
      tables: relayedTables,
      relay: functions['relay-changes'],
      profile,
    });
    const consumers = this.addConsumers(functions, bus, settings, profile);
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
    const canary =
      hasCanaryPayments(settings, profile) &&
      new CanaryPayments(this, 'CanaryPayments', { factory, functions, consumers });
    if (canary) this.addOutputs(canary.outputs);
    checkConcurrency(
      [...Object.keys(functions), ...(canary ? [canary.payer.folder] : [])],
      settings,
    );

    new Alarms(this, 'Alarms', { functions, tables, profile });
    if (profile.onAws)
      new PlatformAlarms(this, 'Platform', {
        bus,
        compensation: compensation.stateMachine,
        relay: functions['relay-changes'],
        concurrencyQuota: settings.concurrencyQuota,
      });
    const { copyVault } = settings;
    if (store)
      new TableBackups(this, 'Backups', { tables: Object.values(tables), store, copyVault });
    grantDeadLetterAccess(this, {
      bus,
      relayedTables: Object.values(relayedTables),
      deliveries,
      audits,
      lister: functions['list-dead-letters'],
      redriver: functions['redrive-dead-letters'],
    });
    restrictPublishers(this, bus, profile, [
      functions['relay-changes'],
      functions['sweep-payments'],
      functions['redrive-dead-letters'],
    ]);
    new PaymentDashboard(monitoringStackOf(this), 'Dashboard', {
      relay: functions['relay-changes'],
      consumers,
      compensation: compensation.stateMachine,
      deadLetterQueues: findDeadLetterQueues(this),
    });

    this.addOutputs({
      EventBusName: bus.eventBusName,
      NotificationsSecretArn: signingSecret.secretArn,
      ...(webhookSecret && { PgWebhookSecretArn: webhookSecret.secretArn }),
      ...relay.outputs,
      ...compensation.outputs,
      ...sweeperSchedule.outputs,
      ...backlogSchedule.outputs,
    });
    for (const table of Object.values(tables))
      this.addOutputs({ [`Table${table.node.id}`]: table.tableName });
    for (const one of Object.values(functions))
      this.addOutputs({ [`Function${pascalCase(one.folder)}`]: one.functionName });
    for (const consumer of consumers) this.addOutputs(consumer.outputs);

    notifyTopics(this, { page: settings.pageTopicArn, ticket: settings.ticketTopicArn });
  }

  /**
   * In this stack and not in the one of the other alarms: CodeDeploy reads the alarms before an alias changes, and the
   * API depends on the aliases.
   */
  private addCanaries(functions: ServiceFunctions, settings: Settings): void {
    const { shortWindowAlarms } = new ServiceLevelObjectives(this, 'Slo', {
      accept: functions['accept-payment'],
      finalStatusFunctions: [
        functions['charge-payment'],
        functions['inquire-payment'],
        functions['sweep-payments'],
        functions['resolve-review'],
      ],
    });
    new CanaryDeployments(this, 'Canaries', {
      functions,
      objectives: shortWindowAlarms,
      isGradual: settings.canaries === 'on',
    });
  }

  private addApi(functions: ServiceFunctions, settings: Settings, profile: StageProfile): void {
    const { corsOrigins, edge, tokens = new BuyerPool(this, 'Buyers', profile) } = settings;
    const props = { routes, functions, tokens, corsOrigins, edge, profile };
    const api = new PaymentApi(createApiStack(this), 'Api', props);
    this.addOutputs(api.outputs);
    if (tokens instanceof BuyerPool) this.addOutputs(tokens.outputs);
  }

  private addConsumers(
    functions: ServiceFunctions,
    bus: IEventBus,
    settings: Settings,
    profile: StageProfile,
  ): EventConsumer[] {
    const addConsumer = (folder: keyof typeof subscriptions) =>
      new EventConsumer(this, {
        bus,
        events: subscriptions[folder],
        requiredField: subscriptionFilters[folder],
        excludedBuyer: excludedBuyerFor(folder, profile),
        consumer: functions[folder],
        entry: folder,
        polling: pollingOf(folder, settings),
        profile,
      });
    const charges = addConsumer('charge-payment');
    const inquiries = addConsumer('inquire-payment');
    const refundExecutions = addConsumer('execute-refund');
    // A deferred message is sent again as a new one, so that it uses up no attempt of the old one.
    functions['charge-payment'].allowRequeue(charges.queue);
    functions['inquire-payment'].allowRequeue(inquiries.queue);
    functions['execute-refund'].allowRequeue(refundExecutions.queue);
    for (const one of [
      functions['request-inquiry'],
      functions['receive-webhook'],
      functions['confirm-payment'],
      functions['cancel-payment'],
      functions['cancel-operator-payment'],
    ])
      one.grantSend(inquiries.queue, 'INQUIRY_QUEUE_URL');
    const downstreamConsumers = [
      addConsumer('send-to-data-platform'),
      addConsumer('notify-buyer'),
      addConsumer('update-ranking'),
      addConsumer('add-loyalty-points'),
      addConsumer('open-review'),
      addConsumer('close-review'),
    ];

    return [
      charges,
      inquiries,
      refundExecutions,
      addConsumer('refund-cancelled-payment'),
      addConsumer('compensate-payment'),
      ...downstreamConsumers,
    ];
  }

  /** Adds each value as an output of exactly this name. Tests and tools read them. */
  private addOutputs(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) new CfnOutput(this, name, { value });
  }
}

const byFolder = <F extends ServiceFunction>(functions: readonly F[]) =>
  Object.fromEntries(functions.map((one) => [one.folder, one])) as {
    readonly [One in F as One['folder']]: One;
  };
