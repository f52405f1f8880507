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

/** Creates every function with its permissions, except for its queue or stream: their constructs grant those. */
export const createServiceFunctions = (scope: Construct, props: ServiceFunctionsProps) => {
  const { tables, endpoints, signingSecret, webhookSecret, settings } = props;
  const { orders, payments, refunds, balances, products, coupons, compensations } = tables;
  const { reviews, loyaltyPoints, rankings, deliveries, idempotency } = tables;
  const profile = stages[settings.stage];

  const addFunction = <const Folder extends string>(
    folder: Folder,
    own: Omit<ServiceFunctionProps, 'profile'> = {},
  ) =>
    new ServiceFunction(scope, folder, {
      profile,
      constants: { PG_ADAPTER: settings.pgAdapter },
      // A queue limits its own consumer. Throttling it as well would delay messages as long as after a failure.
      ...(settings.functionConcurrency &&
        !(folder in subscriptions) && {
          reservedConcurrentExecutions: settings.functionConcurrency,
        }),
      ...own,
      environment: {
        // Declared even if empty: SAM overrides only variables of the template, and the SDK treats empty as absent.
        ...(settings.stage === 'local' && { AWS_ENDPOINT_URL: settings.endpoint ?? '' }),
        ...own.environment,
      },
    });

  /** Adds the gateway's URL and adapter, and its API key if it has one. */
  const withGateway = <Folder extends string>(one: ServiceFunction<Folder>) => {
    one.addEnvironment('PG_URL', endpoints.pgUrl).addEnvironment('PG_ADAPTER', settings.pgAdapter);
    if (settings.pgSecretArn === undefined) return one;

    return one
      .addEnvironment('PG_SECRET_KEY_ARN', settings.pgSecretArn)
      .grantActions(['secretsmanager:GetSecretValue'], settings.pgSecretArn);
  };

  /** Adds the keys that the gateway signs its webhooks with, if it signs them. */
  const withWebhookSecret = <Folder extends string>(one: ServiceFunction<Folder>) =>
    webhookSecret ? one.grantReadSecret(webhookSecret, 'PG_WEBHOOK_SECRET_ARN') : one;

  const { readConcurrency = profile.readConcurrency } = settings;
  /** `Prefer: wait` waits for up to 20 s and takes one of a limited number of wait slots. */
  const longPollOptions = {
    timeout: Duration.seconds(25),
    ...(readConcurrency > 0 && { reservedConcurrentExecutions: readConcurrency }),
    environment: {
      WAIT_SLOTS: String(Math.floor((readConcurrency || profile.readConcurrency) / 2)),
    },
  };

  const shopTimeZone = { environment: { SHOP_TIME_ZONE: settings.timeZone } };

  return byFolder([
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
    addFunction('accept-payment', {
      ...(settings.reservedConcurrency && {
        reservedConcurrentExecutions: settings.reservedConcurrency,
      }),
    })
      .grantGet(orders)
      .grantUpdate(orders)
      .grantGet(payments)
      .grantPut(payments)
      .grantUpdate(balances)
      .grantUpdate(products),
    addFunction('get-payment', longPollOptions).grantGet(payments).grantUpdate(idempotency),
    addFunction('list-payments').grantQueryIndex(payments, 'byUser'),
    addFunction('get-timeline')
      .grantGet(payments)
      .grantQuery(compensations)
      .grantQueryIndex(refunds, 'byPayment'),
    addFunction('cancel-payment')
      .grantGet(payments)
      .grantUpdate(payments)
      .grantIdempotencyStore(idempotency),
    addFunction('request-refund')
      .grantGet(payments)
      .grantUpdate(payments)
      .grantGet(orders)
      .grantGet(refunds)
      .grantPut(refunds)
      .grantIdempotencyStore(idempotency),
    addFunction('get-refund', longPollOptions).grantGet(refunds).grantUpdate(idempotency),
    addFunction('get-balance').grantGet(balances),
    addFunction('get-points').grantGet(loyaltyPoints),
    addFunction('get-rankings', shopTimeZone).grantQueryIndex(rankings, 'byUnits'),
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
    withGateway(addFunction('resolve-review', { timeout: Duration.seconds(29) }))
      .grantGet(reviews)
      .grantUpdate(reviews)
      .grantGet(payments)
      .grantUpdate(payments)
      .grantGet(refunds)
      .grantPut(refunds)
      .grantUpdate(refunds)
      .grantQuery(compensations)
      .grantUpdate(orders)
      .grantUpdate(balances)
      .grantUpdate(products),
    // The limit of API Gateway, and more memory because it reads whole tables.
    withGateway(
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

    addFunction('relay-changes', { timeout: Duration.seconds(15) })
      .grantPut(reviews)
      .grantIdempotencyStore(idempotency),
    withGateway(addFunction('charge-payment', { timeout: profile.chargeTimeout }))
      .grantGet(payments)
      .grantUpdate(payments)
      .grantUpdate(orders)
      .grantUpdate(balances)
      .grantUpdate(products)
      .grantIdempotencyStore(idempotency),
    withGateway(addFunction('inquire-payment', { timeout: profile.inquiryTimeout }))
      .grantGet(payments)
      .grantConditionCheck(payments)
      .grantUpdate(payments)
      .grantGet(reviews)
      .grantPut(reviews)
      .grantUpdate(reviews)
      .grantUpdate(orders)
      .grantUpdate(balances)
      .grantUpdate(products)
      .grantIdempotencyStore(idempotency),

    addFunction('get-operator-timeline', shopTimeZone)
      .grantGet(payments)
      .grantQuery(compensations)
      .grantQueryIndex(refunds, 'byPayment')
      .grantBatchGet(deliveries)
      .grantBatchGet(rankings)
      .grantBatchGet(loyaltyPoints)
      .grantBatchGet(reviews),
    addFunction('request-inquiry').grantGet(payments),
    withGateway(withWebhookSecret(addFunction('receive-webhook')))
      .grantGet(payments)
      .grantIdempotencyStore(idempotency),

    withGateway(addFunction('execute-refund', { timeout: profile.inquiryTimeout }))
      .grantGet(refunds)
      .grantUpdate(refunds)
      .grantGet(payments)
      .grantUpdate(payments)
      .grantUpdate(orders)
      .grantUpdate(balances)
      .grantUpdate(products)
      .grantIdempotencyStore(idempotency),

    addFunction('refund-cancelled-payment')
      .grantGet(payments)
      .grantUpdate(payments)
      .grantGet(orders)
      .grantGet(refunds)
      .grantPut(refunds)
      .grantIdempotencyStore(idempotency),

    addFunction('restore-stock')
      .grantGet(payments)
      .grantConditionCheck(payments)
      .grantPut(compensations)
      .grantUpdate(products)
      .grantIdempotencyStore(idempotency),
    addFunction('restore-balance')
      .grantGet(payments)
      .grantConditionCheck(payments)
      .grantPut(compensations)
      .grantUpdate(balances)
      .grantIdempotencyStore(idempotency),
    addFunction('release-order')
      .grantGet(payments)
      .grantConditionCheck(payments)
      .grantGet(orders)
      .grantUpdate(orders)
      .grantGet(coupons)
      .grantUpdate(coupons)
      .grantPut(compensations)
      .grantIdempotencyStore(idempotency),
    addFunction('finish-compensation')
      .grantGet(payments)
      .grantUpdate(payments)
      .grantQuery(compensations)
      .grantIdempotencyStore(idempotency),

    addFunction('list-dead-letters', { timeout: Duration.seconds(29) }),
    addFunction('redrive-dead-letters', { timeout: Duration.seconds(29) }),

    addFunction('measure-backlog')
      .grantQueryIndex(payments, 'byDue')
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
      .grantPut(reviews)
      .grantIdempotencyStore(idempotency),

    addFunction('send-to-data-platform', {
      environment: { DATA_PLATFORM_URL: endpoints.dataPlatformUrl },
    })
      .grantGet(deliveries)
      .grantPut(deliveries)
      .grantIdempotencyStore(idempotency),
    addFunction('notify-buyer', {
      environment: { NOTIFICATIONS_URL: endpoints.notificationsUrl },
    })
      .grantGet(deliveries)
      .grantPut(deliveries)
      .grantReadSecret(signingSecret, 'NOTIFICATIONS_SECRET_ARN')
      .grantIdempotencyStore(idempotency),
    addFunction('update-ranking', shopTimeZone)
      .grantPut(rankings)
      .grantUpdate(rankings)
      .grantIdempotencyStore(idempotency),
    addFunction('add-loyalty-points', {
      environment: { POINTS_RATE_PERCENT: String(settings.pointsRatePercent) },
    })
      .grantPut(loyaltyPoints)
      .grantUpdate(loyaltyPoints)
      .grantIdempotencyStore(idempotency),
    addFunction('open-review')
      .grantPut(reviews)
      .grantUpdate(payments)
      .grantUpdate(refunds)
      .grantIdempotencyStore(idempotency),
    addFunction('close-review').grantUpdate(reviews).grantIdempotencyStore(idempotency),
  ]);
};

const byFolder = <F extends ServiceFunction>(functions: readonly F[]) =>
  Object.fromEntries(functions.map((one) => [one.folder, one])) as {
    readonly [One in F as One['folder']]: One;
  };
