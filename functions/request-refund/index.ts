import { ordersIn } from '../../shared/data/orders.ts';
import { paymentsIn } from '../../shared/data/payments.ts';
import { refundsIn } from '../../shared/data/refunds.ts';
import { requestRefundIn } from '../../shared/data/request-refund.ts';
import { oncePerKey } from '../../shared/http/once-per-key.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
import { requestRefund } from './handler.ts';
import { refundBody } from './request.ts';
import { toRequestedResponse } from './response.ts';

const stores = storesFromEnv({ orders: ordersIn, payments: paymentsIn, refunds: refundsIn });
const work = requestRefund({ request: requestRefundIn(stores), clock });

export const handler = oncePerKey(
  { name: 'request-refund', schema: refundBody, parameter: 'paymentId' },
  work,
  toRequestedResponse,
);
