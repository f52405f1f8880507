import { httpHandler } from '../../shared/http/http-handler.ts';
import { paymentsIn } from '../../shared/persistence/payment-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { longPollFromEnv } from '../../shared/persistence/wait-slots-from-env.ts';
import { getPayment } from './handler.ts';

const { payments } = storesFromEnv({ payments: paymentsIn });

export const handler = httpHandler(getPayment({ payments, poll: longPollFromEnv('get-payment') }));
