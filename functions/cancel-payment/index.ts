import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { idempotentRoute } from '../../shared/http/idempotent-route.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { cancelPayment, toCancelledPaymentResponse } from './handler.ts';
import { cancelPaymentSchema } from './request.ts';

const { payments } = storesFromEnv({ payments: createPaymentRepository });

export const handler = idempotentRoute(
  { name: 'cancel-payment', schema: cancelPaymentSchema, parameter: 'paymentId' },
  cancelPayment({ payments, clock }),
  toCancelledPaymentResponse,
);
