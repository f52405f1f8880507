import { acceptIn, storedRefusals } from '../../shared/data/accept.ts';
import { oncePerKey } from '../../shared/http/once-per-key.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { paymentStores } from '../../shared/runtime/stores.ts';
import { timingsFromEnv } from '../../shared/runtime/timings.ts';
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
