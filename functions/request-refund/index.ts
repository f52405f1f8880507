import { createRequestRefund } from '../../shared/application/refunds/request-refund.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { idempotentRoute } from '../../shared/http/idempotent-route.ts';
import { createOrderRepository } from '../../shared/persistence/order-repository.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { createRefundRepository } from '../../shared/persistence/refund-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { requestRefund, toRequestedRefundResponse } from './handler.ts';
import { refundPaymentSchema } from './request.ts';

const stores = storesFromEnv({
  orders: createOrderRepository,
  payments: createPaymentRepository,
  refunds: createRefundRepository,
});
const work = requestRefund({ request: createRequestRefund(stores), clock });

export const handler = idempotentRoute(
  { name: 'request-refund', schema: refundPaymentSchema, parameter: 'paymentId' },
  work,
  toRequestedRefundResponse,
);
