import { httpHandler } from '../../shared/http/http-handler.ts';
import { createPaymentListRepository } from '../../shared/persistence/payment-list-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { listPayments } from './handler.ts';

export const handler = httpHandler(
  listPayments(storesFromEnv({ payments: createPaymentListRepository })),
);
