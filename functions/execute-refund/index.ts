import { wiringFromEnv } from '../../shared/application/events/event-consumer.ts';
import { failRefundIn, settleRefundIn } from '../../shared/application/refunds/settle-refund.ts';
import { requireEnv } from '../../shared/config/env.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import { subscriptions } from '../../shared/domain/events/domain-event.ts';
import { paymentGateway } from '../../shared/gateway/gateway-from-env.ts';
import { measured } from '../../shared/gateway/metered-gateway.ts';
import { once } from '../../shared/lambda/idempotency.ts';
import { queueHandler } from '../../shared/lambda/sqs-handler.ts';
import { refundStores } from '../../shared/persistence/stores-from-env.ts';
import { keyOf, nextStep } from './attempt-refund.ts';
import { executeRefund } from './handler.ts';

const name = 'execute-refund';
const { PG_URL: url } = requireEnv('PG_URL');
const timings = timingsFromEnv();
const { idempotencyTable: table, queue } = wiringFromEnv(name, timings.pgTimeoutMs);
const stores = refundStores();
const gateway = measured(paymentGateway({ url, timings }));
const books = { settle: settleRefundIn(stores), fail: failRefundIn(stores) };
const deps = { ...stores, ...books, gateway, clock, timings };
const step = once({ table, name, keyOf }, nextStep(deps));

export const handler = queueHandler(
  subscriptions[name],
  queue,
  executeRefund({ ...stores, step, clock }),
);
