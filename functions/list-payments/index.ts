import { paymentsOfBuyerIn } from '../../shared/data/payments-of-buyer.ts';
import { httpHandler } from '../../shared/http/boundary.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
import { listPayments } from './handler.ts';

export const handler = httpHandler(listPayments(storesFromEnv({ payments: paymentsOfBuyerIn })));
