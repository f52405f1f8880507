import { consumerConfigFromEnv } from '../../shared/application/events/event-consumer.ts';
import {
  createFailRefund,
  createSettleRefund,
} from '../../shared/application/refunds/settle-refund.ts';
import { requireEnv } from '../../shared/config/env.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import { subscriptions } from '../../shared/domain/events/domain-event.ts';
import { paymentGatewayFromEnv } from '../../shared/gateway/gateway-from-env.ts';
import { withLatencyMetrics } from '../../shared/gateway/metered-gateway.ts';
import { idempotent } from '../../shared/lambda/idempotency.ts';
import { sqsHandler } from '../../shared/lambda/sqs-handler.ts';
import { refundStoresFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { attemptKeyOf, attemptRefund } from './attempt-refund.ts';
import { executeRefund } from './handler.ts';

const name = 'execute-refund';
const { PG_URL: url } = requireEnv('PG_URL');
const timings = timingsFromEnv();
const { idempotencyTable: table, queue } = consumerConfigFromEnv(name, timings.pgTimeoutMs);
const stores = refundStoresFromEnv();
const gateway = withLatencyMetrics(paymentGatewayFromEnv({ url, timings }));
const refundWriters = { settle: createSettleRefund(stores), fail: createFailRefund(stores) };
const deps = { ...stores, ...refundWriters, gateway, clock, timings };
const attempt = idempotent({ table, name, keyOf: attemptKeyOf }, attemptRefund(deps));

export const handler = sqsHandler(
  subscriptions[name],
  queue,
  executeRefund({ ...stores, attempt, clock }),
);
