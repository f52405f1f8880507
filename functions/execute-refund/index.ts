import { failRefundIn, settleRefundIn } from '../../shared/data/settle-refund.ts';
import { subscriptions } from '../../shared/domain/events.ts';
import { paymentGateway } from '../../shared/pg/gateway.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { requireEnv } from '../../shared/runtime/env.ts';
import { wiringFromEnv } from '../../shared/runtime/event-consumer.ts';
import { once } from '../../shared/runtime/idempotency.ts';
import { measured } from '../../shared/runtime/measured-gateway.ts';
import { queueHandler } from '../../shared/runtime/queue-handler.ts';
import { refundStores } from '../../shared/runtime/stores.ts';
import { timingsFromEnv } from '../../shared/runtime/timings.ts';
import { executeRefund } from './handler.ts';
import { keyOf, nextStep } from './next-step.ts';

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
