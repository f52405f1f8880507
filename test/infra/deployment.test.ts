import { describe, expect, it } from 'vitest';
import { pascalCase } from '../../cdk/constructs/names.ts';
import { stages } from '../../cdk/stages.ts';
import { parseQueueNames } from '../../shared/application/dead-letters/queue-names.ts';
import { canaryBuyer } from '../../shared/domain/canary.ts';
import { eventSource } from '../../shared/domain/events/domain-event.ts';
import { subscriptions } from '../../shared/domain/events/subscriptions.ts';
import { timings } from '../../shared/domain/timings.ts';
import type { Deployment } from '../support/cdk/deployment/deployed-resources.ts';
import { createGrantCheck } from '../support/cdk/deployment/grant-check.ts';
import { scheduleInput } from '../support/cdk/deployment/schedules.ts';
import { readDeployment } from '../support/cdk/deployment.ts';
import { contexts } from '../support/cdk/synthesis.ts';
import { expectedPermissions } from './permissions.ts';

const sandbox = readDeployment('sandbox', contexts.sandbox);
const profile = stages.sandbox;
const hourMs = 3_600_000;

const functionOf = ({ functions }: Deployment, folder: string) =>
  functions.find((one) => one.folder === folder);
const queueOf = ({ queues }: Deployment, name: string) => queues.find((one) => one.name === name);

describe.each([
  ['local', contexts.local],
  ['sandbox', contexts.sandbox],
  ['production', contexts.production],
] as const)('deployment (%s)', (stage, context) => {
  const deployment = readDeployment(stage, context);
  const { queues, consumers, rules, schedules, streams } = deployment;
  const stageProfile = stages[stage];

  it('gives each queue of a consumer its redrive target and visibility timeout', () => {
    const windowMs = stageProfile.batchingWindow.toMilliseconds();

    expect(consumers.map(({ folder }) => folder).sort()).toEqual(Object.keys(subscriptions).sort());
    for (const { folder, queue } of consumers)
      expect(queueOf(deployment, queue), queue).toMatchObject({
        visibilityTimeoutMs: 6 * (functionOf(deployment, folder)?.timeoutMs ?? 0) + windowMs,
        redrive: {
          deadLetterQueue: `${pascalCase(folder)}Consumer/DeadLetters`,
          maxReceiveCount: timings[stageProfile.timings].redeliveryBackoffMs.length + 1,
        },
      });
  });

  it('has every queue that something is delivered to', () => {
    const targets = rules.flatMap((rule) => rule.targets);
    const named = [
      ...targets.filter(({ kind }) => kind === 'queue').map(({ name }) => name),
      ...targets.map(({ deadLetterQueue }) => deadLetterQueue),
      ...schedules.map(({ deadLetterQueue }) => deadLetterQueue),
      ...streams.map(({ onFailureQueue }) => onFailureQueue),
      ...queues.flatMap(({ redrive }) => (redrive ? [redrive.deadLetterQueue] : [])),
    ];

    expect(targets).toHaveLength(Object.keys(subscriptions).length + 1);
    expect(queues.map(({ name }) => name)).toEqual(expect.arrayContaining(named));
  });

  it('reads a stream with the settings of its stage', () => {
    expect(streams.find(({ table }) => table === 'Payments')).toEqual({
      table: 'Payments',
      folder: 'relay-changes',
      batchSize: 100,
      windowMs: 0,
      filters: [{ eventName: ['INSERT', 'MODIFY'] }],
      startingPosition: 'TRIM_HORIZON',
      parallelizationFactor: stageProfile.relayParallelization,
      maximumRetryAttempts: undefined,
      maximumRecordAgeMs: stageProfile.maxRecordAge.toMilliseconds(),
      bisectBatchOnFunctionError: true,
      reportsBatchItemFailures: true,
      onFailureQueue: 'Relay/Failures',
    });
  });

  it('grants what each function needs', () => {
    const isGranted = createGrantCheck(deployment);

    for (const { folder } of deployment.functions)
      for (const [resource, actions] of Object.entries(
        expectedPermissions[pascalCase(folder)] ?? {},
      ))
        for (const action of actions)
          expect(isGranted(folder, action, resource), `${folder} ${action} ${resource}`).toBe(true);
    expect(isGranted('charge-payment', 'dynamodb:PutItem', 'Payments')).toBe(false);
    expect(isGranted('sweep-payments', 'dynamodb:Query', 'Payments/index/byUser')).toBe(false);
    const idOf = (id: string) => ['dynamodb:PutItem', 'Idempotency', { id }] as const;
    expect(isGranted('charge-payment', ...idOf('charge-payment#wait#event'))).toBe(true);
    expect(isGranted('charge-payment', ...idOf('create-order#hash'))).toBe(false);
    expect(() => isGranted('no-function', 'dynamodb:GetItem', 'Payments')).toThrow('no-function');
  });
});

describe('deployment of a stage', () => {
  it('is read once for a context', () => {
    expect(readDeployment('sandbox', { ...contexts.sandbox })).toBe(sandbox);
    expect(readDeployment('sandbox', { chargeConcurrency: '7' })).not.toBe(sandbox);
  });

  it('survives a message to another process', () => {
    expect(JSON.parse(JSON.stringify(sandbox))).toEqual(sandbox);
  });

  it('has the functions of the service, and those of the simulators only in a sandbox', () => {
    const simulators = ({ functions }: Deployment) =>
      functions.filter(({ stack }) => stack === 'simulators').map(({ folder }) => folder);

    expect(simulators(sandbox).sort()).toEqual(['receive-deliveries', 'simulate-gateway']);
    expect(simulators(readDeployment('production', contexts.production))).toEqual([]);
  });

  it('has timeouts, memory and concurrency of a function', () => {
    expect(functionOf(sandbox, 'charge-payment')).toMatchObject({
      timeoutMs: profile.chargeTimeout.toMilliseconds(),
      memoryMb: 256,
      // The default of Lambda.
      asynchronousRetry: { maximumRetryAttempts: 2, maximumEventAgeMs: 6 * hourMs },
    });
    expect(functionOf(sandbox, 'accept-payment')?.memoryMb).toBe(512);
    expect(functionOf(sandbox, 'inquire-payment')?.timeoutMs).toBe(
      profile.inquiryTimeout.toMilliseconds(),
    );
    expect(functionOf(sandbox, 'get-payment')?.reservedConcurrency).toBe(
      profile.concurrency['get-payment'],
    );
    expect(functionOf(sandbox, 'get-order')?.reservedConcurrency).toBeUndefined();
  });

  it('names resources in variables as it names the resources themselves', () => {
    const environment = functionOf(sandbox, 'redrive-dead-letters')?.environment;
    const names = parseQueueNames(environment?.DEAD_LETTERS ?? '[]');

    expect(environment?.EVENT_BUS_NAME).toBe(sandbox.bus);
    expect(functionOf(sandbox, 'notify-buyer')?.environment).toMatchObject({
      QUEUE_URL: 'NotifyBuyerConsumer/Queue',
      DELIVERIES_TABLE: 'Deliveries',
      NOTIFICATIONS_SECRET_ARN: 'NotificationsSecret',
      TIMINGS: profile.timings,
    });
    expect(names.length).toBeGreaterThan(Object.keys(subscriptions).length);
    for (const { deadLetters, queue } of names) {
      expect(queueOf(sandbox, deadLetters), deadLetters).toBeDefined();
      if (queue !== undefined)
        expect(queueOf(sandbox, queue)?.redrive?.deadLetterQueue).toBe(deadLetters);
    }
  });

  it('has tables with keys, streams and time to live', () => {
    expect(sandbox.tables.find(({ TableName }) => TableName === 'Payments')).toMatchObject({
      KeySchema: [{ AttributeName: 'paymentId', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
    expect(sandbox.timeToLive).toEqual({
      Orders: 'expiration',
      Payments: 'expiration',
      Compensations: 'expiration',
      Idempotency: 'expiration',
      Rankings: 'expiration',
      Deliveries: 'expiration',
    });
  });

  it('has how queues keep messages, with the defaults of SQS', () => {
    expect(queueOf(sandbox, 'ChargePaymentConsumer/Queue')).toMatchObject({
      retentionMs: 4 * 24 * hourMs,
      delayMs: 0,
    });
    expect(queueOf(sandbox, 'ChargePaymentConsumer/DeadLetters')).toEqual({
      name: 'ChargePaymentConsumer/DeadLetters',
      retentionMs: 14 * 24 * hourMs,
      visibilityTimeoutMs: 30_000,
      delayMs: 0,
    });
  });

  it('limits or provisions the concurrent batches of a consumer', () => {
    const chargerOf = ({ consumers }: Deployment) =>
      consumers.find(({ folder }) => folder === 'charge-payment');
    const { minChargePollers: minimum, concurrency } = stages.production;

    expect(chargerOf(sandbox)).toEqual({
      folder: 'charge-payment',
      queue: 'ChargePaymentConsumer/Queue',
      batchSize: profile.chargeBatchSize,
      windowMs: profile.batchingWindow.toMilliseconds(),
      maxConcurrency: 10,
      reportsBatchItemFailures: true,
      filters: [],
    });
    expect(chargerOf(readDeployment('production', contexts.production))).toMatchObject({
      maxConcurrency: undefined,
      pollers: { minimum, maximum: concurrency['charge-payment'] / 10 },
    });
  });

  it('has a rule for each subscription, on the bus', () => {
    expect(sandbox.rules.find(({ name }) => name === 'NotifyBuyerConsumer/Rule')).toEqual({
      name: 'NotifyBuyerConsumer/Rule',
      bus: sandbox.bus,
      pattern: {
        source: [eventSource],
        'detail-type': [...subscriptions['notify-buyer']],
        detail: { data: { userId: [{ 'anything-but': [canaryBuyer] }] } },
      },
      targets: [
        {
          kind: 'queue',
          name: 'NotifyBuyerConsumer/Queue',
          deadLetterQueue: 'NotifyBuyerConsumer/DeadLetters',
          // The default of EventBridge.
          retry: { maximumRetryAttempts: 185, maximumEventAgeMs: 24 * hourMs },
          inputFields: {},
        },
      ],
    });
  });

  it('has the schedules with their retries', () => {
    const sweep = sandbox.schedules.find(({ folder }) => folder === 'sweep-payments');

    expect(sweep).toMatchObject({
      name: 'Sweep/Schedule',
      everyMs: 60_000,
      retry: { maximumRetryAttempts: 0, maximumEventAgeMs: 60_000 },
      deadLetterQueue: 'Sweep/DeadLetters',
    });
    expect(functionOf(sandbox, 'sweep-payments')?.asynchronousRetry).toEqual({
      maximumRetryAttempts: 0,
      maximumEventAgeMs: 60_000,
    });
    expect(sweep && scheduleInput(sweep, Date.UTC(2026, 0, 2, 3, 4, 5, 678))).toEqual({
      tick: '2026-01-02T03:04:05Z',
    });
  });

  it('has the compensation, whose tasks name folders', () => {
    const { Compensate, 'finish-compensation': finish } =
      sandbox.stateMachines['Compensation/StateMachine']?.States ?? {};

    expect(sandbox.stateMachines['Compensation/StateMachine']?.TimeoutSeconds).toBe(900);
    expect(Compensate?.Branches?.map(({ StartAt, States }) => States[StartAt]?.Resource)).toEqual([
      'restore-stock',
      'restore-balance',
      'release-order',
    ]);
    expect(finish?.Resource).toBe('finish-compensation');
    expect(finish?.Retry?.at(-1)?.MaxAttempts).toBe(profile.compensationRetries);
  });
});
