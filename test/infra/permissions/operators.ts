import { pascalCase } from '../../../cdk/constructs/names.ts';
import { subscriptions } from '../../../shared/domain/events/subscriptions.ts';
import {
  batchGet,
  check,
  get,
  grantEach,
  idempotencyActions,
  type Permissions,
  put,
  query,
  scan,
  update,
} from './actions.ts';

const consumerNames = Object.keys(subscriptions).map((folder) => `${pascalCase(folder)}Consumer`);
const queues = consumerNames.map((consumer) => `${consumer}/Queue`);
const deadLetters = [
  ...consumerNames.map((consumer) => `${consumer}/DeadLetters`),
  ...['Compensation', 'Sweep', 'Backlog'].map((part) => `${part}/DeadLetters`),
  'Relay/Undeliverable',
  'Relay/Failures',
];
export const inspectActions = [
  'sqs:ChangeMessageVisibility',
  'sqs:GetQueueAttributes',
  'sqs:GetQueueUrl',
  'sqs:ReceiveMessage',
];
const relayed = ['Payments', 'Refunds', 'Orders', 'LoyaltyPoints'];

/** Functions behind the routes of operators. */
export const operatorPermissions: Permissions = {
  GetOperatorTimeline: {
    Payments: [get],
    Compensations: [query],
    'Refunds/index/byPayment': [query],
    ...grantEach(['Deliveries', 'Rankings', 'LoyaltyPoints', 'Reviews'], [batchGet]),
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
  ListDeadLetters: {
    ...grantEach([...relayed, 'Deliveries'], [get]),
    ...grantEach(queues, ['sqs:GetQueueUrl']),
    ...grantEach(deadLetters, inspectActions),
  },
  RedriveDeadLetters: {
    ...grantEach(relayed, [get, scan]),
    ...grantEach(
      relayed.map((table) => `${table} (stream)`),
      ['dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
    ),
    Deliveries: [get],
    Bus: ['events:PutEvents'],
    Audits: [put],
    ...grantEach(queues, ['sqs:GetQueueUrl', 'sqs:SendMessage']),
    ...grantEach(deadLetters, [...inspectActions, 'sqs:DeleteMessage']),
    'Relay/Failures': [...inspectActions, 'sqs:DeleteMessage', 'sqs:SendMessage'],
  },
};
