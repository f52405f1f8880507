import { pascalCase } from '../../cdk/constructs/names.ts';
import { subscriptions } from '../../shared/domain/events/domain-event.ts';

const get = 'dynamodb:GetItem';
const check = 'dynamodb:ConditionCheckItem';
const put = 'dynamodb:PutItem';
const update = 'dynamodb:UpdateItem';
const query = 'dynamodb:Query';
const scan = 'dynamodb:Scan';
const idempotencyActions = { Idempotency: ['dynamodb:DeleteItem', get, put, update] };
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

/** Every consumer, and every dead-letter queue. */
const consumerNames = Object.keys(subscriptions).map((folder) => `${pascalCase(folder)}Consumer`);
const deadLetters = [
  ...consumerNames.map((consumer) => `${consumer}/DeadLetters`),
  ...['Compensation', 'Sweep', 'Backlog'].map((part) => `${part}/DeadLetters`),
  'Relay/Undeliverable',
  'Relay/Failures',
];
const grantEach = (resources: readonly string[], actions: readonly string[]) =>
  Object.fromEntries(resources.map((resource) => [resource, actions]));
const queues = consumerNames.map((consumer) => `${consumer}/Queue`);
const inspectActions = [
  'sqs:ChangeMessageVisibility',
  'sqs:GetQueueAttributes',
  'sqs:GetQueueUrl',
  'sqs:ReceiveMessage',
];
const itemReadActions = [get, 'dynamodb:Scan'];
const classifyPermissions = {
  ...grantEach(['Payments', 'Refunds', 'Orders', 'LoyaltyPoints'], itemReadActions),
  Deliveries: [get],
};

/** The permissions of each function in addition to writing its own log, by resource. */
export const expectedPermissions: Readonly<
  Record<string, Readonly<Record<string, readonly string[]>>>
> = {
  CreateOrder: {
    Products: [get],
    Orders: [get, put],
    Coupons: [get, update],
    Payments: [get],
    'Payments/index/byUser': [query],
    ...idempotencyActions,
  },
  ListOrders: { 'Orders/index/byUser': [query], Orders: ['dynamodb:BatchGetItem'] },
  GetOrder: { Orders: [get] },
  CancelOrder: {
    Orders: [get, update],
    Coupons: [get, update],
    Payments: [get],
    ...idempotencyActions,
  },
  AcceptPayment: {
    Orders: [get, update],
    Payments: [get, put],
    Balances: [update],
    Products: [update],
  },
  GetPayment: { Payments: [get], Idempotency: [update] },
  ListPayments: { 'Payments/index/byUser': [query] },
  GetTimeline: {
    Payments: [get],
    Compensations: [query],
    'Refunds/index/byPayment': [query],
  },
  ConfirmPayment: {
    Payments: [get, update],
    'InquirePaymentConsumer/Queue': ['sqs:SendMessage'],
    ...idempotencyActions,
  },
  CancelPayment: {
    Payments: [get, update],
    'InquirePaymentConsumer/Queue': ['sqs:SendMessage'],
    ...idempotencyActions,
  },
  RequestRefund: {
    Payments: [get, update],
    Orders: [get],
    Refunds: [get, put],
    ...idempotencyActions,
  },
  GetRefund: { Refunds: [get], Idempotency: [update] },
  GetBalance: { Balances: [get] },
  GetPoints: { LoyaltyPoints: [get] },
  GetRankings: { 'Rankings/index/byUnits': [query] },
  ListReviews: { 'Reviews/index/byAge': [query], 'Reviews/index/byAmount': [query] },
  GetReview: {
    Reviews: [get],
    Payments: [get],
    Orders: [get],
    Compensations: [query],
    'Refunds/index/byPayment': [query],
  },
  ResolveReview: {
    Reviews: [get, update],
    Payments: [get, update],
    Refunds: [get, put, update],
    Compensations: [query],
    Orders: [check, get, update],
    Balances: [check, update],
    Products: [check, update],
    Coupons: [get],
    Audits: [put],
  },
  ReconcileLedger: {
    Payments: [scan],
    Compensations: [scan],
    Refunds: [scan],
    Orders: [scan],
    Balances: [scan],
    Products: [scan],
    Coupons: [scan],
  },
  GetHealth: {},
  GetOpenapi: {},
  RejectUnknownRoute: {},
  RelayChanges: {
    Bus: ['events:PutEvents'],
    'Orders (stream)': stream,
    'Payments (stream)': stream,
    'Refunds (stream)': stream,
    'LoyaltyPoints (stream)': stream,
    // To open a review if an event cannot be built.
    Reviews: [put],
    'Relay/Undeliverable': ['sqs:SendMessage'],
    // Lambda sends failed batches with the function's role.
    'Relay/Failures': ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'],
    ...idempotencyActions,
  },
  ChargePayment: {
    Payments: [get, update],
    Orders: [update],
    Balances: [update],
    Products: [update],
    'ChargePaymentConsumer/Queue': [...consume, 'sqs:SendMessage'],
    ...idempotencyActions,
  },
  InquirePayment: {
    Payments: [get, check, update],
    Reviews: [get, put, update],
    Orders: [update],
    Balances: [update],
    Products: [update],
    'InquirePaymentConsumer/Queue': [...consume, 'sqs:SendMessage'],
    ...idempotencyActions,
  },
  GetOperatorTimeline: {
    Payments: [get],
    Compensations: [query],
    'Refunds/index/byPayment': [query],
    ...grantEach(['Deliveries', 'Rankings', 'LoyaltyPoints', 'Reviews'], ['dynamodb:BatchGetItem']),
  },
  CancelOperatorPayment: {
    Payments: [get, update],
    Audits: [put],
    'InquirePaymentConsumer/Queue': ['sqs:SendMessage'],
    ...idempotencyActions,
  },
  RequestOperatorRefund: {
    Payments: [get, update],
    Orders: [get],
    Refunds: [get, put],
    Audits: [put],
    ...idempotencyActions,
  },
  RequestInquiry: {
    Payments: [get],
    Audits: [put],
    'InquirePaymentConsumer/Queue': ['sqs:SendMessage'],
  },
  ReceiveWebhook: {
    Payments: [get],
    PgWebhookSecret: ['secretsmanager:GetSecretValue'],
    'InquirePaymentConsumer/Queue': ['sqs:SendMessage'],
    ...idempotencyActions,
  },
  ExecuteRefund: {
    Refunds: [get, update],
    Payments: [get, update],
    Orders: [update],
    Balances: [update],
    Products: [update],
    'ExecuteRefundConsumer/Queue': [...consume, 'sqs:SendMessage'],
    ...idempotencyActions,
  },
  RefundCancelledPayment: {
    Payments: [get, update],
    Orders: [get],
    Refunds: [get, put],
    'RefundCancelledPaymentConsumer/Queue': consume,
    ...idempotencyActions,
  },
  RestoreStock: {
    Payments: [check, get],
    Compensations: [put],
    Products: [update],
    ...idempotencyActions,
  },
  RestoreBalance: {
    Payments: [check, get],
    Compensations: [put],
    Balances: [update],
    ...idempotencyActions,
  },
  ReleaseOrder: {
    Payments: [check, get],
    Orders: [get, update],
    Coupons: [get, update],
    Compensations: [put],
    ...idempotencyActions,
  },
  FinishCompensation: { Payments: [get, update], Compensations: [query], ...idempotencyActions },
  ListDeadLetters: {
    ...classifyPermissions,
    ...grantEach(queues, ['sqs:GetQueueUrl']),
    ...grantEach(deadLetters, inspectActions),
  },
  RedriveDeadLetters: {
    ...classifyPermissions,
    Bus: ['events:PutEvents'],
    Audits: [put],
    ...grantEach(queues, ['sqs:GetQueueUrl', 'sqs:SendMessage']),
    ...grantEach(deadLetters, [...inspectActions, 'sqs:DeleteMessage']),
  },
  MeasureBacklog: { 'Payments/index/byDue': [query], 'Reviews/index/byAge': [query] },
  SweepPayments: {
    Payments: [get, update],
    'Payments/index/byDue': [query],
    Refunds: [get, update],
    'Refunds/index/byDue': [query],
    Orders: [get, update],
    'Orders/index/byDue': [query],
    Coupons: [get, update],
    Bus: ['events:PutEvents'],
    Reviews: [put],
    ...idempotencyActions,
  },
  SendToDataPlatform: {
    Deliveries: [get, put],
    'SendToDataPlatformConsumer/Queue': consume,
    ...idempotencyActions,
  },
  NotifyBuyer: {
    Deliveries: [get, put],
    NotificationsSecret: ['secretsmanager:GetSecretValue'],
    'NotifyBuyerConsumer/Queue': consume,
    ...idempotencyActions,
  },
  UpdateRanking: {
    Rankings: [put, update],
    'UpdateRankingConsumer/Queue': consume,
    ...idempotencyActions,
  },
  AddLoyaltyPoints: {
    LoyaltyPoints: [put, update],
    'AddLoyaltyPointsConsumer/Queue': consume,
    ...idempotencyActions,
  },
  OpenReview: {
    Reviews: [put],
    Payments: [update],
    Refunds: [update],
    'OpenReviewConsumer/Queue': consume,
    ...idempotencyActions,
  },
  CloseReview: { Reviews: [update], 'CloseReviewConsumer/Queue': consume, ...idempotencyActions },
};
const simulatorActions = [get, put, scan];
export const simulatorPermissions = {
  SimulateGateway: { Simulator: simulatorActions },
  ReceiveDeliveries: { DeliveriesReceived: simulatorActions },
};

/** Step Functions needs these actions to write logs; AWS defines them without resources. */
export const logDelivery = [
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
];

/** The permissions of the functions that call the gateway, if its API key is in this secret. */
export const permissionsWithSecret = (secretArn: string) =>
  Object.fromEntries(
    [
      'ChargePayment',
      'InquirePayment',
      'ExecuteRefund',
      'ResolveReview',
      'ReconcileLedger',
      'ReceiveWebhook',
    ].map((id) => [
      id,
      { ...expectedPermissions[id], [secretArn]: ['secretsmanager:GetSecretValue'] },
    ]),
  );
