import { acceptIn } from '../../shared/data/accept.ts';
import { requestHashOf } from '../../shared/data/keys.ts';
import { bodyOf, buyerOf, httpHandler, keyOf } from '../../shared/http/boundary.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { requireEnv } from '../../shared/runtime/env.ts';
import { once } from '../../shared/runtime/idempotency.ts';
import { paymentStores } from '../../shared/runtime/stores.ts';
import { timingsFromEnv } from '../../shared/runtime/timings.ts';
import { acceptPayment } from './handler.ts';
import { type AcceptRequest, acceptBody } from './request.ts';
import { toAcceptedResponse } from './response.ts';

const { IDEMPOTENCY_TABLE: table } = requireEnv('IDEMPOTENCY_TABLE');
const { holdMs } = timingsFromEnv();
const stores = paymentStores();
const acceptOnce = once(
  {
    table,
    name: 'accept-payment',
    keyOf: ({ buyer, key }: AcceptRequest) => JSON.stringify([buyer, key]),
    fingerprintOf: ({ body }) => requestHashOf(body),
  },
  acceptPayment({ orders: stores.orders, accept: acceptIn(stores), clock, holdMs }),
);

export const handler = httpHandler(async (event, context) => {
  const request = { buyer: buyerOf(event), key: keyOf(event), body: bodyOf(acceptBody, event) };

  return toAcceptedResponse(await acceptOnce(request, context));
});
