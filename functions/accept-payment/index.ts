import {
  createAcceptPayment,
  storedRejectionCodes,
} from '../../shared/application/payments/accept-payment.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import { idempotentRoute } from '../../shared/http/idempotent-route.ts';
import { paymentStoresFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { acceptPayment, toAcceptedResponse } from './handler.ts';
import { acceptPaymentSchema } from './request.ts';

const { unclaimedTimeoutMs } = timingsFromEnv();
const work = acceptPayment({
  accept: createAcceptPayment(paymentStoresFromEnv()),
  clock,
  unclaimedTimeoutMs,
});

export const handler = idempotentRoute(
  { name: 'accept-payment', schema: acceptPaymentSchema, storedRejections: storedRejectionCodes },
  work,
  toAcceptedResponse,
);
