import { eventConsumer, wiringFromEnv } from '../../shared/application/events/event-consumer.ts';
import { settleIn } from '../../shared/application/payments/capture-payment.ts';
import { outcomeRecorder } from '../../shared/application/payments/record-charge-outcome.ts';
import { requireEnv } from '../../shared/config/env.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import { paymentGateway } from '../../shared/gateway/gateway-from-env.ts';
import { measured } from '../../shared/gateway/metered-gateway.ts';
import { breakerOf } from '../../shared/lambda/circuit-breaker.ts';
import { paymentStores } from '../../shared/persistence/stores-from-env.ts';
import { isUnsent } from './attempt-charge.ts';
import { chargePayment } from './handler.ts';

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
