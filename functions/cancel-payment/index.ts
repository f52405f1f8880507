import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { oncePerKey } from '../../shared/http/idempotent-route.ts';
import { paymentsIn } from '../../shared/persistence/payment-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { cancelPayment } from './handler.ts';
import { cancelBody } from './request.ts';
import { toCancelledResponse } from './response.ts';

const { payments } = storesFromEnv({ payments: paymentsIn });

export const handler = oncePerKey(
  { name: 'cancel-payment', schema: cancelBody, parameter: 'paymentId' },
  cancelPayment({ payments, clock }),
  toCancelledResponse,
);
