import { Duration } from 'aws-cdk-lib';
import { concurrencyOf } from '../concurrency.ts';
import type { FunctionFactory } from './function-factory.ts';

/** The functions behind the routes of the HTTP API, with their permissions. */
export const createApiFunctions = ({
  tables,
  addFunction,
  withGateway,
  withGatewayReads,
  withCheckout,
  withWebhookSecret,
  shopTimeZone,
  settings,
  profile,
}: FunctionFactory) => {
  const {
    orders,
    payments,
    refunds,
    balances,
    products,
    coupons,
    compensations,
    reviews,
    loyaltyPoints,
    rankings,
    deliveries,
    idempotency,
    audits,
  } = tables;
  const returnOrigins = { RETURN_ORIGINS: settings.returnOrigins.join(',') };
  const concurrency = concurrencyOf(settings);
  /** `Prefer: wait` waits for up to 20 s and takes one of a limited number of wait slots. */
  const longPollOptions = (folder: 'get-payment' | 'get-refund') => ({
    timeout: Duration.seconds(25),
    environment: {
      WAIT_SLOTS: String(Math.floor((concurrency[folder] || profile.concurrency[folder]) / 2)),
    },
  });

  return [
    addFunction('create-order', {
      environment: { ORDER_LIFETIME_MINUTES: String(settings.orderLifetimeMinutes) },
    })
      .grantGet(products)
      .grantGet(orders)
      .grantPut(orders)
      .grantGet(coupons)
      .grantUpdate(coupons)
      // Only to explain why a coupon is in use.
      .grantGet(payments)
      .grantBatchGet(payments)
      .grantQueryIndex(payments, 'byUser')
      .grantIdempotencyStore(idempotency),
    addFunction('list-orders').grantQueryIndex(orders, 'byUser').grantBatchGet(orders),
    addFunction('get-order').grantGet(orders),
    addFunction('cancel-order')
      .grantGet(orders)
      .grantUpdate(orders)
      .grantGet(coupons)
      .grantUpdate(coupons)
      .grantGet(payments)
      .grantIdempotencyStore(idempotency),
    withCheckout(addFunction('accept-payment', { environment: returnOrigins }))
      .grantGet(orders)
      .grantUpdate(orders)
      .grantGet(payments)
      .grantPut(payments)
      .grantUpdate(balances)
      .grantUpdate(products)
      .grantBatchGet(products)
      .grantGet(coupons)
      .grantUpdate(coupons),
    withCheckout(addFunction('get-payment', longPollOptions('get-payment')))
      .grantGet(payments)
      .grantUpdate(idempotency),
    addFunction('list-payments').grantQueryIndex(payments, 'byUser').grantBatchGet(payments),
    addFunction('get-timeline')
      .grantGet(payments)
      .grantQuery(compensations)
      .grantQueryIndex(refunds, 'byPayment'),
    withCheckout(addFunction('confirm-payment', { environment: returnOrigins }))
      .grantGet(payments)
      .grantUpdate(payments)
      .grantIdempotencyStore(idempotency),
    addFunction('cancel-payment')
      .grantGet(payments)
      .grantUpdate(payments)
      .grantIdempotencyStore(idempotency),
    addFunction('request-refund', {
      environment: {
        BUYER_REFUND_MINUTES: String(settings.buyerRefundMinutes ?? profile.buyerRefundMinutes),
      },
    })
      .grantGet(payments)
      .grantUpdate(payments)
      .grantGet(orders)
      .grantGet(refunds)
      .grantPut(refunds)
      .grantIdempotencyStore(idempotency),
    addFunction('get-refund', longPollOptions('get-refund'))
      .grantGet(refunds)
      .grantUpdate(idempotency),
    addFunction('get-balance').grantGet(balances),
    addFunction('get-points').grantQuery(loyaltyPoints),
    addFunction('get-rankings', shopTimeZone).grantQuery(rankings),
    addFunction('list-reviews')
      .grantQueryIndex(reviews, 'byAge')
      .grantQueryIndex(reviews, 'byAmount'),
    addFunction('get-review')
      .grantGet(reviews)
      .grantGet(payments)
      .grantGet(orders)
      .grantQuery(compensations)
      .grantQueryIndex(refunds, 'byPayment'),
    // The limit of API Gateway, because it may call the payment gateway three times.
    withGateway(
      addFunction('resolve-review', {
        timeout: Duration.seconds(29),
        environment: {
          REVIEW_APPROVAL_AMOUNT: String(settings.reviewApprovalAmount),
          POINTS_RATE_PERCENT: String(settings.pointsRatePercent),
        },
      }),
    )
      .grantGet(reviews)
      .grantUpdate(reviews)
      .grantGet(payments)
      .grantUpdate(payments)
      .grantGet(refunds)
      .grantPut(refunds)
      .grantUpdate(refunds)
      .grantQuery(compensations)
      .grantGet(orders)
      .grantUpdate(orders)
      .grantConditionCheck(orders)
      .grantUpdate(balances)
      .grantConditionCheck(balances)
      .grantUpdate(products)
      .grantConditionCheck(products)
      .grantGet(coupons)
      .grantPut(audits),
    // The limit of API Gateway, and more memory because it reads whole tables.
    withGatewayReads(
      addFunction('reconcile-ledger', { timeout: Duration.seconds(29), memorySize: 1_024 }),
    )
      .grantScan(payments)
      .grantScan(compensations)
      .grantScan(refunds)
      .grantScan(orders)
      .grantScan(balances)
      .grantScan(products)
      .grantScan(coupons),
    addFunction('get-health'),
    addFunction('get-openapi'),
    addFunction('reject-unknown-route'),
    addFunction('get-operator-timeline', shopTimeZone)
      .grantGet(payments)
      .grantQuery(compensations)
      .grantQueryIndex(refunds, 'byPayment')
      .grantBatchGet(deliveries)
      .grantBatchGet(rankings)
      .grantBatchGet(loyaltyPoints)
      .grantBatchGet(reviews),
    addFunction('request-inquiry').grantGet(payments).grantPut(audits),
    addFunction('cancel-operator-payment')
      .grantGet(payments)
      .grantUpdate(payments)
      .grantPut(audits)
      .grantIdempotencyStore(idempotency),
    addFunction('request-operator-refund')
      .grantGet(payments)
      .grantUpdate(payments)
      .grantGet(orders)
      .grantGet(refunds)
      .grantPut(refunds)
      .grantPut(audits)
      .grantIdempotencyStore(idempotency),
    withGatewayReads(withWebhookSecret(addFunction('receive-webhook')))
      .grantGet(payments)
      .grantIdempotencyStore(idempotency),
    addFunction('list-dead-letters', { timeout: Duration.seconds(29) }),
    addFunction('redrive-dead-letters', { timeout: Duration.seconds(29) }),
  ];
};
