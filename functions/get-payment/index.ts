import { paymentsIn } from '../../shared/data/payments.ts';
import { httpHandler } from '../../shared/http/boundary.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
import { longPollFromEnv } from '../../shared/runtime/wait-slots.ts';
import { getPayment } from './handler.ts';

const { payments } = storesFromEnv({ payments: paymentsIn });

export const handler = httpHandler(getPayment({ payments, poll: longPollFromEnv('get-payment') }));
