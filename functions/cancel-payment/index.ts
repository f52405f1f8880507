import { paymentsIn } from '../../shared/data/payments.ts';
import { oncePerKey } from '../../shared/http/once-per-key.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
import { cancelPayment } from './handler.ts';
import { cancelBody } from './request.ts';
import { toCancelledResponse } from './response.ts';

const { payments } = storesFromEnv({ payments: paymentsIn });

export const handler = oncePerKey(
  { name: 'cancel-payment', schema: cancelBody, parameter: 'paymentId' },
  cancelPayment({ payments, clock }),
  toCancelledResponse,
);
