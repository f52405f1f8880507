import { settleIn } from '../../shared/data/settle.ts';
import { paymentGateway } from '../../shared/pg/gateway.ts';
import { breakerOf } from '../../shared/runtime/breaker.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { requireEnv } from '../../shared/runtime/env.ts';
import { eventConsumer, wiringFromEnv } from '../../shared/runtime/event-consumer.ts';
import { measured } from '../../shared/runtime/measured-gateway.ts';
import { outcomeRecorder } from '../../shared/runtime/outcome.ts';
import { paymentStores } from '../../shared/runtime/stores.ts';
import { timingsFromEnv } from '../../shared/runtime/timings.ts';
import { chargePayment } from './handler.ts';
import { isUnsent } from './try-charge.ts';

const { PG_URL: url } = requireEnv('PG_URL');
const timings = timingsFromEnv();
const stores = paymentStores();
const gateway = measured(paymentGateway({ url, timings }));
const settle = settleIn(stores);
const record = outcomeRecorder({ ...stores, settle, clock, by: 'charge-payment' });
const breaker = breakerOf({ restMs: timings.pgRestMs, isUnsent });
const charge = chargePayment({ ...stores, gateway, breaker, record, clock, timings });

export const handler = eventConsumer(
  'charge-payment',
  ({ subject }) => charge(subject),
  wiringFromEnv('charge-payment', timings.claimMs),
);
