import { consumerConfigFromEnv } from '../../shared/application/events/event-consumer.ts';
import { createCapturePayment } from '../../shared/application/payments/capture-payment.ts';
import {
  createRecordChargeOutcome,
  createRecordEvidence,
} from '../../shared/application/payments/record-charge-outcome.ts';
import { requireEnv } from '../../shared/config/env.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import { subscriptions } from '../../shared/domain/events/domain-event.ts';
import { paymentGatewayFromEnv } from '../../shared/gateway/gateway-from-env.ts';
import { withLatencyMetrics } from '../../shared/gateway/metered-gateway.ts';
import { idempotent } from '../../shared/lambda/idempotency.ts';
import { sqsHandler } from '../../shared/lambda/sqs-handler.ts';
import { paymentStoresFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { compareFromEnv } from './compare-from-env.ts';
import { inquirePayment } from './handler.ts';
import { inquireOnce, inquiryKeyOf } from './inquire-once.ts';

const name = 'inquire-payment';
const { PG_URL: url } = requireEnv('PG_URL');
const timings = timingsFromEnv();
const { idempotencyTable: table, queue } = consumerConfigFromEnv(name, timings.pgTimeoutMs);
const stores = paymentStoresFromEnv();
const gateway = withLatencyMetrics(paymentGatewayFromEnv({ url, timings }));
const recorder = { ...stores, capturePayment: createCapturePayment(stores), clock, by: name };
const [record, recordEvidence] = [
  createRecordChargeOutcome(recorder),
  createRecordEvidence(recorder),
];
const work = inquireOnce({ ...stores, gateway, record, recordEvidence, clock, timings });
const step = idempotent({ table, name, keyOf: inquiryKeyOf }, work);
const compare = compareFromEnv({ ...stores, gateway, clock, timings });
const inquire = inquirePayment({ ...stores, step, compare, clock, timings });

export const handler = sqsHandler(subscriptions[name], queue, inquire);
