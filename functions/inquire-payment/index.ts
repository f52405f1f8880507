import { settleIn } from '../../shared/data/settle.ts';
import { subscriptions } from '../../shared/domain/events.ts';
import { paymentGateway } from '../../shared/pg/gateway.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { requireEnv } from '../../shared/runtime/env.ts';
import { wiringFromEnv } from '../../shared/runtime/event-consumer.ts';
import { once } from '../../shared/runtime/idempotency.ts';
import { measured } from '../../shared/runtime/measured-gateway.ts';
import { evidenceKeeper, outcomeRecorder } from '../../shared/runtime/outcome.ts';
import { queueHandler } from '../../shared/runtime/queue-handler.ts';
import { paymentStores } from '../../shared/runtime/stores.ts';
import { timingsFromEnv } from '../../shared/runtime/timings.ts';
import { inquirePayment } from './handler.ts';
import { keyOf, nextStep } from './next-step.ts';

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
const inquire = inquirePayment({ ...stores, step, clock, timings });

export const handler = queueHandler(subscriptions[name], queue, inquire);
