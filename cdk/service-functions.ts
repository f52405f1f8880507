import { Duration } from 'aws-cdk-lib';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { subscriptions } from '../shared/domain/events/domain-event.ts';
import { ServiceFunction, type ServiceFunctionProps } from './constructs/service-function.ts';
import type { Tables } from './data-stack.ts';
import type { Endpoints, Settings } from './settings.ts';
import { stages } from './stages.ts';

interface ServiceFunctionsProps {
  readonly tables: Tables;
  readonly endpoints: Endpoints;
  readonly signingSecret: ISecret;
  readonly webhookSecret?: ISecret | undefined;
  readonly settings: Settings;
}

/** Every function and all that it may do, but for its queue or stream: those come with what feeds it. */
export const serviceFunctions = (scope: Construct, props: ServiceFunctionsProps) => {
  const { tables, endpoints, signingSecret, webhookSecret, settings } = props;
  const { orders, payments, refunds, balances, products, coupons, compensations } = tables;
  const { reviews, loyaltyPoints, rankings, deliveries, idempotency } = tables;
  const profile = stages[settings.stage];

  const declare = <const Folder extends string>(
    folder: Folder,
    own: Omit<ServiceFunctionProps, 'profile'> = {},
  ) =>
    new ServiceFunction(scope, folder, {
      profile,
      constants: { PG_ADAPTER: settings.pgAdapter },
      // Who reads a queue is bounded there; throttled besides, its messages would wait as long as after a failure.
      ...(settings.functionConcurrency &&
        !(folder in subscriptions) && {
          reservedConcurrentExecutions: settings.functionConcurrency,
        }),
      ...own,
      environment: {
        // Declared even without a value, because SAM overrides only what the template names; the SDK takes empty for absent.
        ...(settings.stage === 'local' && { AWS_ENDPOINT_URL: settings.endpoint ?? '' }),
        ...own.environment,
      },
    });

  /** The PG, and its secret key where it has one. */
  const asksPg = <Folder extends string>(one: ServiceFunction<Folder>) => {
    one.addEnvironment('PG_URL', endpoints.pgUrl).addEnvironment('PG_ADAPTER', settings.pgAdapter);
    if (settings.pgSecretArn === undefined) return one;

    return one
      .addEnvironment('PG_SECRET_KEY_ARN', settings.pgSecretArn)
      .may(['secretsmanager:GetSecretValue'], settings.pgSecretArn);
  };

  /** The keys that the PG signs its webhooks with, where it does. */
  const hearsPg = <Folder extends string>(one: ServiceFunction<Folder>) =>
    webhookSecret ? one.mayRead(webhookSecret, 'PG_WEBHOOK_SECRET_ARN') : one;

  const { readConcurrency = profile.readConcurrency } = settings;
  /** `Prefer: wait` waits for up to 20 s, in a slot of which there are so many. */
  const polled = {
    timeout: Duration.seconds(25),
    ...(readConcurrency > 0 && { reservedConcurrentExecutions: readConcurrency }),
    environment: {
      WAIT_SLOTS: String(Math.floor((readConcurrency || profile.readConcurrency) / 2)),
    },
  };

  const inZone = { environment: { SHOP_TIME_ZONE: settings.timeZone } };

  return byFolder([
    declare('create-order', {
      environment: { ORDER_LIFETIME_MINUTES: String(settings.orderLifetimeMinutes) },
    })
      .mayGet(products)
      .mayGet(orders)
      .mayPut(orders)
      .mayGet(coupons)
      .mayUpdate(coupons)
      // Only to say why a coupon is in use.
      .mayGet(payments)
      .mayQueryIndex(payments, 'byUser')
      .mayRunOnce(idempotency),
    declare('list-orders').mayQueryIndex(orders, 'byUser').mayGetTogether(orders),
    declare('get-order').mayGet(orders),
    declare('cancel-order')
      .mayGet(orders)
      .mayUpdate(orders)
      .mayGet(coupons)
      .mayUpdate(coupons)
      .mayGet(payments)
      .mayRunOnce(idempotency),
    declare('accept-payment', {
      ...(settings.reservedConcurrency && {
        reservedConcurrentExecutions: settings.reservedConcurrency,
      }),
    })
      .mayGet(orders)
      .mayUpdate(orders)
      .mayGet(payments)
      .mayPut(payments)
      .mayUpdate(balances)
      .mayUpdate(products),
    declare('get-payment', polled).mayGet(payments).mayUpdate(idempotency),
    declare('list-payments').mayQueryIndex(payments, 'byUser'),
    declare('get-timeline')
      .mayGet(payments)
      .mayQuery(compensations)
      .mayQueryIndex(refunds, 'byPayment'),
    declare('cancel-payment').mayGet(payments).mayUpdate(payments).mayRunOnce(idempotency),
    declare('request-refund')
      .mayGet(payments)
      .mayUpdate(payments)
      .mayGet(orders)
      .mayGet(refunds)
      .mayPut(refunds)
      .mayRunOnce(idempotency),
    declare('get-refund', polled).mayGet(refunds).mayUpdate(idempotency),
    declare('get-balance').mayGet(balances),
    declare('get-points').mayGet(loyaltyPoints),
    declare('get-rankings', inZone).mayQueryIndex(rankings, 'byUnits'),
    declare('list-reviews').mayQueryIndex(reviews, 'byAge').mayQueryIndex(reviews, 'byAmount'),
    declare('get-review')
      .mayGet(reviews)
      .mayGet(payments)
      .mayGet(orders)
      .mayQuery(compensations)
      .mayQueryIndex(refunds, 'byPayment'),
    // As long as API Gateway waits: the gateway may be called three times.
    asksPg(declare('resolve-review', { timeout: Duration.seconds(29) }))
      .mayGet(reviews)
      .mayUpdate(reviews)
      .mayGet(payments)
      .mayUpdate(payments)
      .mayGet(refunds)
      .mayPut(refunds)
      .mayUpdate(refunds)
      .mayQuery(compensations)
      .mayUpdate(orders)
      .mayUpdate(balances)
      .mayUpdate(products),
    // As long as API Gateway waits, and with room for what it reads.
    asksPg(declare('prove-ledger', { timeout: Duration.seconds(29), memorySize: 1_024 }))
      .mayScan(payments)
      .mayScan(compensations)
      .mayScan(refunds)
      .mayScan(orders)
      .mayScan(balances)
      .mayScan(products)
      .mayScan(coupons),
    declare('get-health'),
    declare('get-openapi'),
    declare('refuse-route'),

    declare('relay-changes', { timeout: Duration.seconds(15) })
      .mayPut(reviews)
      .mayRunOnce(idempotency),
    asksPg(declare('charge-payment', { timeout: profile.chargeTimeout }))
      .mayGet(payments)
      .mayUpdate(payments)
      .mayUpdate(orders)
      .mayUpdate(balances)
      .mayUpdate(products)
      .mayRunOnce(idempotency),
    asksPg(declare('inquire-payment', { timeout: profile.inquiryTimeout }))
      .mayGet(payments)
      .mayCheck(payments)
      .mayUpdate(payments)
      .mayGet(reviews)
      .mayPut(reviews)
      .mayUpdate(reviews)
      .mayUpdate(orders)
      .mayUpdate(balances)
      .mayUpdate(products)
      .mayRunOnce(idempotency),

    declare('explain-payment', inZone)
      .mayGet(payments)
      .mayQuery(compensations)
      .mayQueryIndex(refunds, 'byPayment')
      .mayGetTogether(deliveries)
      .mayGetTogether(rankings)
      .mayGetTogether(loyaltyPoints)
      .mayGetTogether(reviews),
    declare('inquire-now').mayGet(payments),
    asksPg(hearsPg(declare('receive-webhook')))
      .mayGet(payments)
      .mayRunOnce(idempotency),

    asksPg(declare('execute-refund', { timeout: profile.inquiryTimeout }))
      .mayGet(refunds)
      .mayUpdate(refunds)
      .mayGet(payments)
      .mayUpdate(payments)
      .mayUpdate(orders)
      .mayUpdate(balances)
      .mayUpdate(products)
      .mayRunOnce(idempotency),

    declare('refund-cancelled')
      .mayGet(payments)
      .mayUpdate(payments)
      .mayGet(orders)
      .mayGet(refunds)
      .mayPut(refunds)
      .mayRunOnce(idempotency),

    declare('restore-stock')
      .mayGet(payments)
      .mayCheck(payments)
      .mayPut(compensations)
      .mayUpdate(products)
      .mayRunOnce(idempotency),
    declare('restore-balance')
      .mayGet(payments)
      .mayCheck(payments)
      .mayPut(compensations)
      .mayUpdate(balances)
      .mayRunOnce(idempotency),
    declare('release-order')
      .mayGet(payments)
      .mayCheck(payments)
      .mayGet(orders)
      .mayUpdate(orders)
      .mayGet(coupons)
      .mayUpdate(coupons)
      .mayPut(compensations)
      .mayRunOnce(idempotency),
    declare('finish-compensation')
      .mayGet(payments)
      .mayUpdate(payments)
      .mayQuery(compensations)
      .mayRunOnce(idempotency),

    declare('list-dead-letters', { timeout: Duration.seconds(29) }),
    declare('redrive-dead-letters', { timeout: Duration.seconds(29) }),

    declare('measure-backlog').mayQueryIndex(payments, 'byDue').mayQueryIndex(reviews, 'byAge'),
    // Called every minute, and at work until some seconds before its end where there is that much to do.
    declare('sweep-payments', { timeout: Duration.seconds(55) })
      .mayGet(payments)
      .mayUpdate(payments)
      .mayQueryIndex(payments, 'byDue')
      .mayGet(refunds)
      .mayUpdate(refunds)
      .mayQueryIndex(refunds, 'byDue')
      .mayGet(orders)
      .mayUpdate(orders)
      .mayQueryIndex(orders, 'byDue')
      .mayGet(coupons)
      .mayUpdate(coupons)
      .mayPut(reviews)
      .mayRunOnce(idempotency),

    declare('send-to-data-platform', {
      environment: { DATA_PLATFORM_URL: endpoints.dataPlatformUrl },
    })
      .mayGet(deliveries)
      .mayPut(deliveries)
      .mayRunOnce(idempotency),
    declare('notify-buyer', {
      environment: { NOTIFICATIONS_URL: endpoints.notificationsUrl },
    })
      .mayGet(deliveries)
      .mayPut(deliveries)
      .mayRead(signingSecret, 'NOTIFICATIONS_SECRET_ARN')
      .mayRunOnce(idempotency),
    declare('update-ranking', inZone).mayPut(rankings).mayUpdate(rankings).mayRunOnce(idempotency),
    declare('add-loyalty-points', {
      environment: { POINTS_RATE_PERCENT: String(settings.pointsRatePercent) },
    })
      .mayPut(loyaltyPoints)
      .mayUpdate(loyaltyPoints)
      .mayRunOnce(idempotency),
    declare('open-review')
      .mayPut(reviews)
      .mayUpdate(payments)
      .mayUpdate(refunds)
      .mayRunOnce(idempotency),
    declare('close-review').mayUpdate(reviews).mayRunOnce(idempotency),
  ]);
};

const byFolder = <F extends ServiceFunction>(functions: readonly F[]) =>
  Object.fromEntries(functions.map((one) => [one.folder, one])) as {
    readonly [One in F as One['folder']]: One;
  };
