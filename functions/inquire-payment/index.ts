import { wiringFromEnv } from '../../shared/application/events/event-consumer.ts';
import { settleIn } from '../../shared/application/payments/capture-payment.ts';
import {
  evidenceKeeper,
  outcomeRecorder,
} from '../../shared/application/payments/record-charge-outcome.ts';
import { requireEnv } from '../../shared/config/env.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import { subscriptions } from '../../shared/domain/events/domain-event.ts';
import { paymentGateway } from '../../shared/gateway/gateway-from-env.ts';
import { measured } from '../../shared/gateway/metered-gateway.ts';
import { once } from '../../shared/lambda/idempotency.ts';
import { queueHandler } from '../../shared/lambda/sqs-handler.ts';
import { paymentStores } from '../../shared/persistence/stores-from-env.ts';
import { comparingFromEnv } from './compare-from-env.ts';
import { inquirePayment } from './handler.ts';
import { keyOf, nextStep } from './inquire-once.ts';

const name = 'inquire-payment';
const { PG_URL: url } = requireEnv('PG_URL');
const timings = timingsFromEnv();
const { idempotencyTable: table, queue } = wiringFromEnv(name, timings.pgTimeoutMs);
const stores = paymentStores();
const gateway = measured(paymentGateway({ url, timings }));
const asker = { ...stores, settle: settleIn(stores), clock, by: name };
const [record, note] = [outcomeRecorder(asker), evidenceKeeper(asker)];
const work = nextStep({ ...stores, gateway, record, note, clock, timings });
const step = once({ table, name, keyOf }, work);
const compare = comparingFromEnv({ ...stores, gateway, clock, timings });
const inquire = inquirePayment({ ...stores, step, compare, clock, timings });

export const handler = queueHandler(subscriptions[name], queue, inquire);
