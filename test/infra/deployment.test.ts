import { describe, expect, it } from 'vitest';
import { pascalCase } from '../../cdk/constructs/names.ts';
import { stages } from '../../cdk/stages.ts';
import { parseQueueNames } from '../../shared/application/dead-letters/queue-names.ts';
import { eventSource, subscriptions } from '../../shared/domain/events/domain-event.ts';
import { timings } from '../../shared/domain/timings.ts';
import { operatorScope, type Route, routes } from '../../shared/http/routes.ts';
import { createGrantCheck } from '../support/cdk/deployment/grant-check.ts';
import { routeOf } from '../support/cdk/deployment/route-of.ts';
import { scheduleInput } from '../support/cdk/deployment/schedules.ts';
import { targetInput } from '../support/cdk/deployment/target-input.ts';
import { type Deployment, deploymentOf, readDeployment } from '../support/cdk/deployment.ts';
import { type Fields, valueAt } from '../support/cdk/intrinsics.ts';
import { contexts, type Resource, type Synthesis, synthesize } from '../support/cdk/synthesis.ts';
import { expectedPermissions } from './permissions.ts';

const sandbox = readDeployment('sandbox', contexts.sandbox);
const profile = stages.sandbox;
const hourMs = 3_600_000;

const functionOf = ({ functions }: Deployment, folder: string) =>
  functions.find((one) => one.folder === folder);
const queueOf = ({ queues }: Deployment, name: string) => queues.find((one) => one.name === name);

/** The templates of the sandbox with other properties of one resource. */
const withProperties = (
  name: string,
  properties: (own: Fields) => Fields,
  rawProperties = properties,
): Synthesis => {
  const synthesis = synthesize(contexts.sandbox);
  const changed = (one: Resource): Resource =>
    one.name === name
      ? {
          ...one,
          properties: properties(one.properties),
          rawProperties: rawProperties(one.rawProperties),
        }
      : one;

  return {
    ...synthesis,
    all: (type) => synthesis.all(type).map(changed),
    named: (wanted) => changed(synthesis.named(wanted)),
  };
};

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
      maximumRetryAttempts: 50,
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
      memoryMb: 512,
      // The default of Lambda.
      asynchronousRetry: { maximumRetryAttempts: 2, maximumEventAgeMs: 6 * hourMs },
    });
    expect(functionOf(sandbox, 'inquire-payment')?.timeoutMs).toBe(
      profile.inquiryTimeout.toMilliseconds(),
    );
    expect(functionOf(sandbox, 'get-payment')?.reservedConcurrency).toBe(profile.readConcurrency);
    expect(functionOf(sandbox, 'charge-payment')?.reservedConcurrency).toBeUndefined();
  });

  it('names resources in variables as it names the resources themselves', () => {
    const environment = functionOf(sandbox, 'redrive-dead-letters')?.environment;
    const names = parseQueueNames(environment?.DEAD_LETTERS ?? '[]');

    expect(environment?.EVENT_BUS_NAME).toBe(sandbox.bus);
    expect(functionOf(sandbox, 'notify-buyer')?.environment).toMatchObject({
      QUEUE_URL: 'NotifyBuyerConsumer/Queue',
      IDEMPOTENCY_TABLE: 'Idempotency',
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
    expect(sandbox.timeToLive).toEqual({ Idempotency: 'expiration' });
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
    const { minimumPollers: minimum, maximumPollers: maximum } = stages.production.chargePollers;

    expect(chargerOf(sandbox)).toEqual({
      folder: 'charge-payment',
      queue: 'ChargePaymentConsumer/Queue',
      batchSize: 10,
      windowMs: profile.batchingWindow.toMilliseconds(),
      maxConcurrency: 10,
      reportsBatchItemFailures: true,
      filters: [],
    });
    expect(chargerOf(readDeployment('production', contexts.production))).toMatchObject({
      maxConcurrency: undefined,
      pollers: { minimum, maximum },
    });
  });

  it('has a rule for each subscription, on the bus', () => {
    expect(sandbox.rules.find(({ name }) => name === 'NotifyBuyerConsumer/Rule')).toEqual({
      name: 'NotifyBuyerConsumer/Rule',
      bus: sandbox.bus,
      pattern: { source: [eventSource], 'detail-type': [...subscriptions['notify-buyer']] },
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
      retry: { maximumRetryAttempts: 2, maximumEventAgeMs: 300_000 },
      deadLetterQueue: 'Sweep/DeadLetters',
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

describe('input of a rule target', () => {
  const [compensation] =
    sandbox.rules.find(({ name }) => name === 'Compensation/Rule')?.targets ?? [];
  const detail = { data: { paymentId: 'pay_"1"' }, traceparent: '00-1' };

  it('is made by the transformer from the event', () => {
    expect(compensation).toMatchObject({ kind: 'stateMachine', name: 'Compensation/StateMachine' });
    expect(compensation && targetInput(compensation, { id: 'e-1', detail })).toEqual({
      id: 'e-1',
      paymentId: 'pay_"1"',
      traceparent: '00-1',
    });
  });

  it('has an empty text for what the event does not have', () => {
    const event = { id: 'e-1', detail: { data: detail.data } };

    expect(compensation && targetInput(compensation, event)).toMatchObject({ traceparent: '' });
  });

  it('is the event itself without a transformer', () => {
    const event = { id: 'e-1' };

    expect(targetInput({ inputFields: {} }, event)).toBe(event);
    expect(targetInput({ inputFields: { InputPath: '$.detail' } }, { detail })).toBe(detail);
    expect(targetInput({ inputFields: { Input: '{"a":1}' } }, event)).toEqual({ a: 1 });
  });

  it('throws on a template or a path that it cannot read', () => {
    const transformed = (InputTemplate: string, path: string) =>
      targetInput(
        { inputFields: { InputTransformer: { InputPathsMap: { a: path }, InputTemplate } } },
        {},
      );

    expect(() => transformed('{"a":"text <a>"}', '$.a')).toThrow();
    expect(() => transformed('{"a":<b>}', '$.a')).toThrow('<b>');
    expect(() => transformed('{"a":<a>}', '$.a[0]')).toThrow('$.a[0]');
  });
});

describe('route of a request', () => {
  const pathOf = (template: string) => template.replaceAll(/\{\w+\}/g, 'id%201');

  it.each(routes.map((route: Route) => [`${route.method} ${route.path}`, route] as const))(
    'is %s with its access',
    (routeKey, { method, path, access, function: folder }) => {
      const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, 'id 1']);

      expect(routeOf(sandbox, method, pathOf(path))).toEqual({
        routeKey,
        folder,
        isPublic: access === 'public',
        scopes: access === 'operator' ? [operatorScope] : [],
        pathParameters: Object.fromEntries(parameters),
      });
    },
  );

  it('is the default route if no other one matches', () => {
    for (const [method, path] of [
      ['GET', '/'],
      ['DELETE', '/orders'],
      ['GET', '/orders/'],
      ['GET', '/orders/1/2'],
    ] as const)
      expect(routeOf(sandbox, method, path)).toEqual({
        routeKey: '$default',
        folder: 'reject-unknown-route',
        isPublic: true,
        scopes: [],
        pathParameters: {},
      });
    expect(routeOf({ routes: [] }, 'GET', '/')).toBeUndefined();
  });

  it('is the most specific one', () => {
    const of = (...keys: readonly string[]) =>
      keys.map((routeKey) => {
        const [method, path = ''] = routeKey.split(' ');

        return {
          routeKey,
          method,
          segments: path.split('/').slice(1),
          folder: '',
          isPublic: true,
          scopes: [],
        };
      });
    const all = of(
      'ANY /{proxy+}',
      'ANY /pets/1',
      'GET /pets/{proxy+}',
      'GET /pets/{id}',
      'GET /pets/1',
    );
    const keyOf = (method: string, path: string) =>
      routeOf({ routes: all }, method, path)?.routeKey;

    expect(keyOf('GET', '/pets/1')).toBe('GET /pets/1');
    expect(keyOf('POST', '/pets/1')).toBe('ANY /pets/1');
    expect(keyOf('GET', '/pets/2')).toBe('GET /pets/{id}');
    expect(keyOf('GET', '/pets/2/3')).toBe('GET /pets/{proxy+}');
    expect(routeOf({ routes: all }, 'PUT', '/a/b')).toMatchObject({
      routeKey: 'ANY /{proxy+}',
      pathParameters: { proxy: 'a/b' },
    });
  });

  it('is throttled as the stage says', () => {
    const { rateLimit: requestsPerSecond, burstLimit: burst } = profile.throttle;

    expect(sandbox.throttle).toEqual({ requestsPerSecond, burst });
  });
});

describe('reference to an unknown resource', () => {
  /** Sets a variable of the charger; in the template it is a reference. */
  const withVariable = (name: string, value: string) => {
    const set = (variable: Fields[string]) => (properties: Fields) => ({
      ...properties,
      Environment: {
        Variables: {
          ...(valueAt(properties, 'Environment.Variables') as Fields),
          [name]: variable,
        },
      },
    });

    return withProperties('ChargePayment', set(value), set({ Ref: value }));
  };

  it.each([
    ['QUEUE_URL', 'AWS::SQS::Queue'],
    ['PAYMENTS_TABLE', 'AWS::DynamoDB::Table'],
    ['EVENT_BUS_NAME', 'AWS::Events::EventBus'],
    ['NOTIFICATIONS_SECRET_ARN', 'AWS::SecretsManager::Secret'],
    ['PG_URL', 'AWS::ApiGatewayV2::Api'],
  ])('throws on the variable %s', (name, type) => {
    expect(() => deploymentOf(withVariable(name, 'Missing'))).toThrow(
      `ChargePayment.${name} refers to Missing, but there is no such ${type}.`,
    );
  });

  it('throws on a variable of a kind that it does not know', () => {
    expect(() => deploymentOf(withVariable('SOMETHING', 'Bus'))).toThrow('ChargePayment.SOMETHING');
  });

  it('throws on a name in the list of dead-letter queues', () => {
    const names = JSON.stringify([{ consumer: 'charge-payment', deadLetters: 'Missing' }]);

    expect(() => deploymentOf(withVariable('DEAD_LETTERS', names))).toThrow(
      'ChargePayment.DEAD_LETTERS refers to Missing',
    );
  });

  it.each([
    ['RelayChanges/Payments', { FunctionName: 'Missing' }, 'the function missing'],
    ['RelayChanges/Payments', { EventSourceArn: 'Missing.StreamArn' }, 'the table Missing'],
    [
      'ChargePaymentConsumer/Queue',
      { RedrivePolicy: { deadLetterTargetArn: 'Missing.Arn', maxReceiveCount: 1 } },
      'the queue Missing',
    ],
    ['ChargePaymentConsumer/Rule', { EventBusName: 'Missing' }, 'the bus Missing'],
    ['ChargePaymentConsumer/Rule', { Targets: [{ Arn: 'Missing.Arn' }] }, 'the target Missing'],
    ['Sweep/Schedule', { Target: { Arn: 'Missing.Arn', Input: '{}' } }, 'the function missing'],
    [
      'Compensation/StateMachine',
      { DefinitionString: '{"States":{"a":{"Resource":"Missing.Arn"}}}' },
      'the function missing',
    ],
    [
      'Api/Http/POST--orders/CreateOrder',
      { IntegrationUri: 'Missing.Arn' },
      'the function missing',
    ],
  ] as const)('throws on that of %s: %j', (name, properties, named) => {
    const synthesis = withProperties(name, (own) => ({ ...own, ...properties }) as Fields);

    expect(() => deploymentOf(synthesis)).toThrow(named);
  });
});
