import { httpHandler } from '../../shared/http/http-handler.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { longPollFromEnv } from '../../shared/persistence/wait-slots-from-env.ts';
import { getPayment } from './handler.ts';

const { payments } = storesFromEnv({ payments: createPaymentRepository });

export const handler = httpHandler(getPayment({ payments, poll: longPollFromEnv('get-payment') }));
