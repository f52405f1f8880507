import type { Context } from 'aws-lambda';
import { compose as acceptPayment } from '../../functions/accept-payment/compose.ts';
import { compose as addLoyaltyPoints } from '../../functions/add-loyalty-points/compose.ts';
import { compose as cancelOperatorPayment } from '../../functions/cancel-operator-payment/compose.ts';
import { compose as cancelOrder } from '../../functions/cancel-order/compose.ts';
import { compose as cancelPayment } from '../../functions/cancel-payment/compose.ts';
import { compose as chargePayment } from '../../functions/charge-payment/compose.ts';
import { compose as closeReview } from '../../functions/close-review/compose.ts';
import { compose as compensatePayment } from '../../functions/compensate-payment/compose.ts';
import { compose as confirmPayment } from '../../functions/confirm-payment/compose.ts';
import { compose as createOrder } from '../../functions/create-order/compose.ts';
import { compose as executeRefund } from '../../functions/execute-refund/compose.ts';
import { compose as finishCompensation } from '../../functions/finish-compensation/compose.ts';
import { compose as getBalance } from '../../functions/get-balance/compose.ts';
import { compose as getHealth } from '../../functions/get-health/compose.ts';
import { compose as getOpenapi } from '../../functions/get-openapi/compose.ts';
import { compose as getOperatorTimeline } from '../../functions/get-operator-timeline/compose.ts';
import { compose as getOrder } from '../../functions/get-order/compose.ts';
import { compose as getPayment } from '../../functions/get-payment/compose.ts';
import { compose as getPoints } from '../../functions/get-points/compose.ts';
import { compose as getRankings } from '../../functions/get-rankings/compose.ts';
import { compose as getRefund } from '../../functions/get-refund/compose.ts';
import { compose as getReview } from '../../functions/get-review/compose.ts';
import { compose as getTimeline } from '../../functions/get-timeline/compose.ts';
import { compose as inquirePayment } from '../../functions/inquire-payment/compose.ts';
import { compose as listDeadLetters } from '../../functions/list-dead-letters/compose.ts';
import { compose as listOrders } from '../../functions/list-orders/compose.ts';
import { compose as listPayments } from '../../functions/list-payments/compose.ts';
import { compose as listReviews } from '../../functions/list-reviews/compose.ts';
import { compose as measureBacklog } from '../../functions/measure-backlog/compose.ts';
import { compose as notifyBuyer } from '../../functions/notify-buyer/compose.ts';
import { compose as openReview } from '../../functions/open-review/compose.ts';
import { compose as payCanaryOrder } from '../../functions/pay-canary-order/compose.ts';
import { compose as receiveDeliveries } from '../../functions/receive-deliveries/compose.ts';
import { compose as receiveWebhook } from '../../functions/receive-webhook/compose.ts';
import { compose as reconcileLedger } from '../../functions/reconcile-ledger/compose.ts';
import { compose as redriveDeadLetters } from '../../functions/redrive-dead-letters/compose.ts';
import { compose as refundCancelledPayment } from '../../functions/refund-cancelled-payment/compose.ts';
import { compose as rejectUnknownRoute } from '../../functions/reject-unknown-route/compose.ts';
import { compose as relayChanges } from '../../functions/relay-changes/compose.ts';
import { compose as releaseOrder } from '../../functions/release-order/compose.ts';
import { compose as requestInquiry } from '../../functions/request-inquiry/compose.ts';
import { compose as requestOperatorRefund } from '../../functions/request-operator-refund/compose.ts';
import { compose as requestRefund } from '../../functions/request-refund/compose.ts';
import { compose as resolveReview } from '../../functions/resolve-review/compose.ts';
import { compose as restoreBalance } from '../../functions/restore-balance/compose.ts';
import { compose as restoreStock } from '../../functions/restore-stock/compose.ts';
import { compose as sendToDataPlatform } from '../../functions/send-to-data-platform/compose.ts';
import { compose as simulateGateway } from '../../functions/simulate-gateway/compose.ts';
import { compose as sweepPayments } from '../../functions/sweep-payments/compose.ts';
import { compose as updateRanking } from '../../functions/update-ranking/compose.ts';
import type {
  BasePlatform,
  DynamoDbStreamsPlatform,
  EventBridgePlatform,
  InvocationPlatform,
  SecretsPlatform,
  SqsPlatform,
} from '../../shared/config/platform.ts';
import type { CheckoutPlatform } from '../../shared/gateway/checkout.ts';
import type { GatewayPlatform } from '../../shared/gateway/gateway-from-env.ts';
import type { TokenFormat } from '../../shared/gateway/token-format.ts';
import type { WebhookPlatform } from '../../shared/gateway/webhook-reader.ts';
import type { DeliveryPlatform } from '../../shared/lambda/http-delivery.ts';
import { createInvocationScopes } from '../../shared/observability/invocation-scope.ts';

/** All that any function runs on. `environment` is that of one function. */
export interface Platform
  extends BasePlatform,
    SqsPlatform,
    EventBridgePlatform,
    DynamoDbStreamsPlatform,
    InvocationPlatform,
    SecretsPlatform,
    GatewayPlatform,
    CheckoutPlatform,
    WebhookPlatform,
    DeliveryPlatform {
  readonly tokenFormat: TokenFormat;
}

/** Takes what Lambda passes: one event and its context. */
type LambdaHandler = (event: never, context: Context) => unknown;

/** Every function by its folder. No function imports this table: a bundle contains its own function only. */
export const compositions = {
  'accept-payment': acceptPayment,
  'add-loyalty-points': addLoyaltyPoints,
  'cancel-operator-payment': cancelOperatorPayment,
  'cancel-order': cancelOrder,
  'cancel-payment': cancelPayment,
  'charge-payment': chargePayment,
  'close-review': closeReview,
  'compensate-payment': compensatePayment,
  'confirm-payment': confirmPayment,
  'create-order': createOrder,
  'execute-refund': executeRefund,
  'finish-compensation': finishCompensation,
  'get-balance': getBalance,
  'get-health': getHealth,
  'get-openapi': getOpenapi,
  'get-operator-timeline': getOperatorTimeline,
  'get-order': getOrder,
  'get-payment': getPayment,
  'get-points': getPoints,
  'get-rankings': getRankings,
  'get-refund': getRefund,
  'get-review': getReview,
  'get-timeline': getTimeline,
  'inquire-payment': inquirePayment,
  'list-dead-letters': listDeadLetters,
  'list-orders': listOrders,
  'list-payments': listPayments,
  'list-reviews': listReviews,
  'measure-backlog': measureBacklog,
  'notify-buyer': notifyBuyer,
  'open-review': openReview,
  'pay-canary-order': payCanaryOrder,
  'receive-deliveries': receiveDeliveries,
  'receive-webhook': receiveWebhook,
  'reconcile-ledger': reconcileLedger,
  'redrive-dead-letters': redriveDeadLetters,
  'refund-cancelled-payment': refundCancelledPayment,
  'reject-unknown-route': rejectUnknownRoute,
  'relay-changes': relayChanges,
  'release-order': releaseOrder,
  'request-inquiry': requestInquiry,
  'request-operator-refund': requestOperatorRefund,
  'request-refund': requestRefund,
  'resolve-review': resolveReview,
  'restore-balance': restoreBalance,
  'restore-stock': restoreStock,
  'send-to-data-platform': sendToDataPlatform,
  'simulate-gateway': simulateGateway,
  'sweep-payments': sweepPayments,
  'update-ranking': updateRanking,
} as const satisfies Record<string, (platform: Platform) => LambdaHandler>;

export type FunctionFolder = keyof typeof compositions;

/** Emptied metrics pass from one environment of a function to another, and nothing else. */
const invocationScopes = Object.fromEntries(
  Object.keys(compositions).map((folder) => [folder, createInvocationScopes(folder)]),
) as Record<FunctionFolder, ReturnType<typeof createInvocationScopes>>;

/**
 * Composes one function of a process that runs several. Its log lines and metrics carry its own name. A composition
 * is one execution environment: give it one invocation at a time, as Lambda does.
 */
export const composeFunction = (folder: FunctionFolder, platform: Platform) => {
  const handler: LambdaHandler = compositions[folder](platform);
  const runInScope = invocationScopes[folder];

  return (event: unknown, context: Context): Promise<unknown> =>
    runInScope(async () => handler(event as never, context));
};
