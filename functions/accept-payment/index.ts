import { acceptIn, storedRefusals } from '../../shared/application/payments/accept-payment.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import { oncePerKey } from '../../shared/http/idempotent-route.ts';
import { paymentStores } from '../../shared/persistence/stores-from-env.ts';
import { acceptPayment } from './handler.ts';
import { acceptBody } from './request.ts';
import { toAcceptedResponse } from './response.ts';

const { unclaimedAfterMs } = timingsFromEnv();
const work = acceptPayment({ accept: acceptIn(paymentStores()), clock, unclaimedAfterMs });

export const handler = oncePerKey(
  { name: 'accept-payment', schema: acceptBody, keeps: storedRefusals },
  work,
  toAcceptedResponse,
);
