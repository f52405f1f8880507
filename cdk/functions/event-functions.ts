import { Duration } from 'aws-cdk-lib';
import type { FunctionFactory } from './function-factory.ts';

/**
 * The memory of functions that mostly wait for another system: they are billed by memory and time. Measured:
 * docs/decisions/0032-index-writes-and-memory.md.
 */
const waitingMemoryMb = 256;

/** The functions of the relay, the consumers, the compensation and the schedules, with their permissions. */
export const createEventFunctions = ({
  tables,
  addFunction,
  withGateway,
  shopTimeZone,
  settings,
  profile,
  endpoints,
  signingSecret,
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
  } = tables;

  const addWaitingFunction: typeof addFunction = (folder, own) =>
    addFunction(folder, { memorySize: waitingMemoryMb, ...own });

  return [
    addFunction('relay-changes', { timeout: Duration.seconds(15) }).grantPut(reviews),
    withGateway(addWaitingFunction('charge-payment', { timeout: profile.chargeTimeout }))
      .grantGet(payments)
      .grantUpdate(payments)
      .grantUpdate(orders)
      .grantUpdate(balances)
      .grantUpdate(products)
      .grantPut(idempotency),
    withGateway(addWaitingFunction('inquire-payment', { timeout: profile.inquiryTimeout }))
      .grantGet(payments)
      .grantConditionCheck(payments)
      .grantUpdate(payments)
      .grantGet(reviews)
      .grantPut(reviews)
      .grantUpdate(reviews)
      .grantUpdate(orders)
      .grantUpdate(balances)
      .grantUpdate(products)
      .grantPut(idempotency),
    withGateway(addWaitingFunction('execute-refund', { timeout: profile.inquiryTimeout }))
      .grantGet(refunds)
      .grantUpdate(refunds)
      .grantGet(payments)
      .grantUpdate(payments)
      .grantUpdate(orders)
      .grantUpdate(balances)
      .grantUpdate(products)
      .grantPut(idempotency),
    addFunction('refund-cancelled-payment')
      .grantGet(payments)
      .grantUpdate(payments)
      .grantGet(orders)
      .grantGet(refunds)
      .grantPut(refunds),
    addFunction('compensate-payment')
      .grantGet(payments)
      .grantUpdate(payments)
      .grantGet(orders)
      .grantUpdate(orders)
      .grantGet(coupons)
      .grantUpdate(coupons)
      .grantUpdate(balances)
      .grantUpdate(products)
      .grantPut(compensations),
    addFunction('restore-stock')
      .grantGet(payments)
      .grantConditionCheck(payments)
      .grantQuery(compensations)
      .grantPut(compensations)
      .grantUpdate(products),
    addFunction('restore-balance')
      .grantGet(payments)
      .grantConditionCheck(payments)
      .grantQuery(compensations)
      .grantPut(compensations)
      .grantUpdate(balances),
    addFunction('release-order')
      .grantGet(payments)
      .grantConditionCheck(payments)
      .grantGet(orders)
      .grantUpdate(orders)
      .grantGet(coupons)
      .grantUpdate(coupons)
      .grantQuery(compensations)
      .grantPut(compensations),
    addFunction('finish-compensation')
      .grantGet(payments)
      .grantUpdate(payments)
      .grantQuery(compensations),
    addFunction('measure-backlog')
      .grantQueryIndex(payments, 'byDue')
      .grantBatchGet(payments)
      .grantQueryIndex(reviews, 'byAge'),
    // Runs every minute, and if there is enough work, until a few seconds before its timeout.
    addFunction('sweep-payments', { timeout: Duration.seconds(55) })
      .grantGet(payments)
      .grantUpdate(payments)
      .grantQueryIndex(payments, 'byDue')
      .grantGet(refunds)
      .grantUpdate(refunds)
      .grantQueryIndex(refunds, 'byDue')
      .grantGet(orders)
      .grantUpdate(orders)
      .grantQueryIndex(orders, 'byDue')
      .grantGet(coupons)
      .grantUpdate(coupons)
      .grantPut(reviews),
    addWaitingFunction('send-to-data-platform', {
      environment: { DATA_PLATFORM_URL: endpoints.dataPlatformUrl },
    })
      .grantGet(deliveries)
      .grantPut(deliveries),
    addWaitingFunction('notify-buyer', {
      environment: { NOTIFICATIONS_URL: endpoints.notificationsUrl },
    })
      .grantGet(deliveries)
      .grantPut(deliveries)
      .grantReadSecret(signingSecret, 'NOTIFICATIONS_SECRET_ARN'),
    addFunction('update-ranking', shopTimeZone)
      .grantGet(payments)
      .grantGet(refunds)
      .grantGet(rankings)
      .grantPut(rankings)
      .grantUpdate(rankings),
    addFunction('add-loyalty-points', {
      environment: { POINTS_RATE_PERCENT: String(settings.pointsRatePercent) },
    })
      .grantGet(payments)
      .grantGet(refunds)
      .grantGet(loyaltyPoints)
      .grantPut(loyaltyPoints)
      .grantUpdate(loyaltyPoints),
    addFunction('open-review')
      .grantGet(reviews)
      .grantPut(reviews)
      .grantUpdate(payments)
      .grantUpdate(refunds),
    addFunction('close-review').grantGet(reviews).grantUpdate(reviews),
  ];
};
