import { acceptIn } from '../../shared/data/accept.ts';
import { balancesIn } from '../../shared/data/balances.ts';
import { requestHashOf } from '../../shared/data/keys.ts';
import { ordersIn } from '../../shared/data/orders.ts';
import { paymentsIn } from '../../shared/data/payments.ts';
import { productsIn } from '../../shared/data/products.ts';
import { bodyOf, buyerOf, httpHandler, keyOf } from '../../shared/http/boundary.ts';
import { documents as db } from '../../shared/runtime/aws.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { requireEnv } from '../../shared/runtime/env.ts';
import { once } from '../../shared/runtime/idempotency.ts';
import { timingsFromEnv } from '../../shared/runtime/timings.ts';
import { acceptPayment } from './handler.ts';
import { type AcceptRequest, acceptBody } from './request.ts';
import { toAcceptedResponse } from './response.ts';

const env = requireEnv(
  'ORDERS_TABLE',
  'PAYMENTS_TABLE',
  'BALANCES_TABLE',
  'PRODUCTS_TABLE',
  'IDEMPOTENCY_TABLE',
);
const orders = ordersIn(db, env.ORDERS_TABLE);
const payments = paymentsIn(db, env.PAYMENTS_TABLE);
const balances = balancesIn(db, env.BALANCES_TABLE);
const products = productsIn(db, env.PRODUCTS_TABLE);
const accept = acceptIn({ db, orders, payments, balances, products });
const { holdMs } = timingsFromEnv();
const acceptOnce = once(
  {
    table: env.IDEMPOTENCY_TABLE,
    name: 'accept-payment',
    keyOf: ({ buyer, key }: AcceptRequest) => JSON.stringify([buyer, key]),
    fingerprintOf: ({ body }) => requestHashOf(body),
  },
  acceptPayment({ orders, accept, clock, holdMs }),
);

export const handler = httpHandler(async (event, context) => {
  const request = { buyer: buyerOf(event), key: keyOf(event), body: bodyOf(acceptBody, event) };

  return toAcceptedResponse(await acceptOnce(request, context));
});
