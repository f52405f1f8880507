import { describe, expect, it } from 'vitest';
import { asList, asText, at, type Json } from './intrinsics.ts';
import { contexts, type Synthesis, synthesize } from './synthesis.ts';

const get = 'dynamodb:GetItem';
const check = 'dynamodb:ConditionCheckItem';
const put = 'dynamodb:PutItem';
const update = 'dynamodb:UpdateItem';
const query = 'dynamodb:Query';
const once = { Idempotency: ['dynamodb:DeleteItem', get, put, update] };
const stream = [
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
];
const consume = [
  'sqs:ChangeMessageVisibility',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:GetQueueUrl',
  'sqs:ReceiveMessage',
];

/** All that each function may do, beside writing its own log. */
const rights: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  CreateOrder: { Products: [get], Orders: [get, put], Coupons: [get, update], ...once },
  GetOrder: { Orders: [get] },
  AcceptPayment: {
    Orders: [get, update],
    Payments: [get, put],
    Balances: [update],
    Products: [update],
    ...once,
  },
  GetPayment: { Payments: [get] },
  ListPayments: { 'Payments/index/byUser': [query] },
  GetTimeline: { Payments: [get], Compensations: [query] },
  GetBalance: { Balances: [get] },
  GetPoints: { LoyaltyPoints: [get] },
  GetRankings: { 'Rankings/index/byUnits': [query] },
  GetHealth: {},
  RelayChanges: {
    Bus: ['events:PutEvents'],
    'Orders (stream)': stream,
    'Payments (stream)': stream,
    'LoyaltyPoints (stream)': stream,
    'Relay/Undeliverable': ['sqs:SendMessage'],
    // Lambda sends what it gave up in the function's name.
    'Relay/Failures': ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'],
    ...once,
  },
  ChargePayment: {
    Payments: [get, update],
    Orders: [update],
    Balances: [update],
    Products: [update],
    'ChargePaymentConsumer/Queue': [...consume, 'sqs:SendMessage'],
    ...once,
  },
  RestoreStock: { Payments: [check, get], Compensations: [put], Products: [update], ...once },
  RestoreBalance: { Payments: [check, get], Compensations: [put], Balances: [update], ...once },
  ReleaseOrder: {
    Payments: [check, get],
    Orders: [get, update],
    Coupons: [get, update],
    Compensations: [put],
    ...once,
  },
  FinishCompensation: { Payments: [get, update], Compensations: [query], ...once },
  SendToDataPlatform: {
    Deliveries: [get, put],
    'SendToDataPlatformConsumer/Queue': consume,
    ...once,
  },
  NotifyBuyer: {
    Deliveries: [get, put],
    NotificationsSecret: ['secretsmanager:GetSecretValue'],
    'NotifyBuyerConsumer/Queue': consume,
    ...once,
  },
  UpdateRanking: { Rankings: [put, update], 'UpdateRankingConsumer/Queue': consume, ...once },
  AddLoyaltyPoints: {
    LoyaltyPoints: [put, update],
    'AddLoyaltyPointsConsumer/Queue': consume,
    ...once,
  },
};
const standIn = [get, put, 'dynamodb:Scan'];
const rightsOfStandIns = {
  SimulateGateway: { Simulator: standIn },
  ReceiveDeliveries: { DeliveriesReceived: standIn },
};

/** Step Functions may not write a log without them, and AWS defines them without resources. */
const logDelivery = [
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
];

interface Right {
  readonly policy: string;
  readonly action: string;
  readonly resource: string;
}

const statementsOf = (policy: Json | undefined) => asList(at(policy, 'Statement'));

/** Every right that any policy of the stacks allows, one by one. */
const allowed = ({ all }: Synthesis): readonly Right[] =>
  all().flatMap(({ name, properties }) =>
    [
      properties.PolicyDocument,
      ...asList(properties.Policies).map((inline) => at(inline, 'PolicyDocument')),
      properties.AssumeRolePolicyDocument,
      at(properties, 'ResourcePolicy.PolicyDocument'),
    ]
      .flatMap(statementsOf)
      .filter((statement) => at(statement, 'Effect') === 'Allow')
      .flatMap((statement) =>
        asList(at(statement, 'Action')).flatMap((action) =>
          (asList(at(statement, 'Resource')).length > 0
            ? asList(at(statement, 'Resource'))
            : [name]
          ).map((resource) => ({
            policy: name,
            action: asText(action),
            resource: asText(resource),
          })),
        ),
      ),
  );

const readable = (resource: string) =>
  resource.replace(/\.StreamArn$/, ' (stream)').replace(/\.(Arn|Id)\b/, '');

const rightsOf = (id: string, everything: readonly Right[]) => {
  const own = everything.filter(({ policy }) => policy.startsWith(`${id}Role/`));
  const byResource = Object.groupBy(own, ({ resource }) => readable(resource));

  return Object.fromEntries(
    Object.entries(byResource).map(([resource, rights = []]) => [
      resource,
      rights.map(({ action }) => action).sort(),
    ]),
  );
};

describe.each(Object.entries(contexts))('least privilege (%s)', (stage, context) => {
  const synthesis = synthesize(context);
  const { all } = synthesis;
  const everything = allowed(synthesis);
  const expected = { ...rights, ...(stage === 'sandbox' && rightsOfStandIns) };

  it('knows every function', () => {
    const functions = all('AWS::Lambda::Function').map(({ name }) => name);

    expect(functions.sort()).toEqual(Object.keys(expected).sort());
  });

  it.each(Object.entries(expected))('lets %s do its own work and nothing else', (id, own) => {
    const log = { [`${id}Logs`]: ['logs:CreateLogStream', 'logs:PutLogEvents'] };
    const sorted = Object.entries(own).map(([resource, actions]) => [
      resource,
      [...actions].sort(),
    ]);

    expect(rightsOf(id, everything)).toEqual({ ...Object.fromEntries(sorted), ...log });
  });

  it.each(Object.entries(expected))(
    'names every table that %s may use, and no other',
    (id, own) => {
      const { properties } = synthesis.named(id);
      const tables = Object.entries(at(properties, 'Environment.Variables') ?? {})
        .filter(([name]) => name.endsWith('_TABLE'))
        .map(([, table]) => table);
      const used = Object.entries(own)
        .filter(([, actions]) => !actions.includes('dynamodb:GetRecords'))
        .filter(([, actions]) => actions.some((action) => action.startsWith('dynamodb:')))
        .map(([resource]) => resource.split('/')[0]);

      expect(tables.sort()).toEqual(used.sort());
    },
  );

  it('gives every function a role of its own, without a managed policy', () => {
    for (const { name, properties } of all('AWS::Lambda::Function'))
      expect(properties.Role).toBe(`${name}Role.Arn`);
    for (const { name, properties } of all('AWS::IAM::Role'))
      expect(properties.ManagedPolicyArns, name).toBeUndefined();
    expect(all('AWS::IAM::ManagedPolicy')).toEqual([]);
  });

  it('lets the state machine run its own steps', () => {
    const steps = everything.filter(({ action }) => action === 'lambda:InvokeFunction');

    expect(steps.map(({ policy, resource }) => [policy, resource])).toEqual(
      ['FinishCompensation', 'ReleaseOrder', 'RestoreBalance', 'RestoreStock'].map((step) => [
        'Compensation/Role/DefaultPolicy',
        `${step}.Arn`,
      ]),
    );
  });

  it('has no wildcard in any policy, but for what the log of the state machine needs', () => {
    const wild = everything.filter(({ action, resource }) => `${action} ${resource}`.includes('*'));

    expect(everything.length).toBeGreaterThan(Object.keys(expected).length);
    expect(wild).toEqual(
      logDelivery.map((action) => ({
        policy: 'Compensation/Role/DefaultPolicy',
        action,
        resource: '*',
      })),
    );
  });
});
