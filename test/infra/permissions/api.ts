import {
  batchGet,
  get,
  idempotencyActions,
  type Permissions,
  put,
  query,
  update,
} from './actions.ts';

/** Functions behind the routes of buyers and of webhooks, and behind public routes. */
export const apiPermissions: Permissions = {
  CreateOrder: {
    Products: [get],
    Orders: [get, put],
    Coupons: [get, update],
    Payments: [get, batchGet],
    'Payments/index/byUser': [query],
    ...idempotencyActions,
  },
  ListOrders: { 'Orders/index/byUser': [query], Orders: [batchGet] },
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
    Products: [update, 'dynamodb:BatchGetItem'],
    Coupons: [get, update],
  },
  GetPayment: { Payments: [get], Idempotency: [update] },
  ListPayments: { 'Payments/index/byUser': [query], Payments: [batchGet] },
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
  GetPoints: { LoyaltyPoints: [query] },
  GetRankings: { Rankings: [query] },
  ReceiveWebhook: {
    Payments: [get],
    PgWebhookSecret: ['secretsmanager:GetSecretValue'],
    'InquirePaymentConsumer/Queue': ['sqs:SendMessage'],
    ...idempotencyActions,
  },
  GetHealth: {},
  GetOpenapi: {},
  RejectUnknownRoute: {},
};
