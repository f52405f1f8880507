import { batchGet, check, get, type Permissions, put, query, update } from './actions.ts';

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

/** Functions that a stream, a queue, a schedule or the compensation invokes. */
export const eventPermissions: Permissions = {
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
  },
  ChargePayment: {
    Payments: [get, update],
    Orders: [update],
    Balances: [update],
    Products: [update],
    'ChargePaymentConsumer/Queue': [...consume, 'sqs:SendMessage'],
    // The claims of deferred messages.
    Idempotency: [put],
  },
  InquirePayment: {
    Payments: [get, check, update],
    Reviews: [get, put, update],
    Orders: [update],
    Balances: [update],
    Products: [update],
    'InquirePaymentConsumer/Queue': [...consume, 'sqs:SendMessage'],
    // The claims of deferred messages.
    Idempotency: [put],
  },
  ExecuteRefund: {
    Refunds: [get, update],
    Payments: [get, update],
    Orders: [update],
    Balances: [update],
    Products: [update],
    'ExecuteRefundConsumer/Queue': [...consume, 'sqs:SendMessage'],
    // The claims of deferred messages.
    Idempotency: [put],
  },
  RefundCancelledPayment: {
    Payments: [get, update],
    Orders: [get],
    Refunds: [get, put],
    'RefundCancelledPaymentConsumer/Queue': consume,
  },
  CompensatePayment: {
    Payments: [get, update],
    Orders: [get, update],
    Coupons: [get, update],
    Balances: [update],
    Products: [update],
    Compensations: [put],
    'CompensatePaymentConsumer/Queue': consume,
  },
  RestoreStock: {
    Payments: [check, get],
    Compensations: [query, put],
    Products: [update],
  },
  RestoreBalance: {
    Payments: [check, get],
    Compensations: [query, put],
    Balances: [update],
  },
  ReleaseOrder: {
    Payments: [check, get],
    Orders: [get, update],
    Coupons: [get, update],
    Compensations: [query, put],
  },
  FinishCompensation: { Payments: [get, update], Compensations: [query] },
  MeasureBacklog: {
    'Payments/index/byDue': [query],
    Payments: [batchGet],
    'Reviews/index/byAge': [query],
  },
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
  },
  SendToDataPlatform: {
    Deliveries: [get, put],
    'SendToDataPlatformConsumer/Queue': consume,
  },
  NotifyBuyer: {
    Deliveries: [get, put],
    NotificationsSecret: ['secretsmanager:GetSecretValue'],
    'NotifyBuyerConsumer/Queue': consume,
  },
  UpdateRanking: {
    Payments: [get],
    Refunds: [get],
    Rankings: [get, put, update],
    'UpdateRankingConsumer/Queue': consume,
  },
  AddLoyaltyPoints: {
    Payments: [get],
    Refunds: [get],
    LoyaltyPoints: [get, put, update],
    'AddLoyaltyPointsConsumer/Queue': consume,
  },
  OpenReview: {
    Reviews: [get, put],
    Payments: [update],
    Refunds: [update],
    'OpenReviewConsumer/Queue': consume,
  },
  CloseReview: { Reviews: [get, update], 'CloseReviewConsumer/Queue': consume },
};
