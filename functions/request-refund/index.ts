import { requestRefundIn } from '../../shared/application/refunds/request-refund.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { oncePerKey } from '../../shared/http/idempotent-route.ts';
import { ordersIn } from '../../shared/persistence/order-repository.ts';
import { paymentsIn } from '../../shared/persistence/payment-repository.ts';
import { refundsIn } from '../../shared/persistence/refund-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
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
