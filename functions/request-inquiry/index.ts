import { pgAskerFromEnv } from '../../shared/application/payments/request-inquiry.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { paymentsIn } from '../../shared/persistence/payment-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { inquireNow } from './handler.ts';

const { payments } = storesFromEnv({ payments: paymentsIn });

export const handler = httpHandler(inquireNow({ payments, askPgNow: pgAskerFromEnv('operator') }));
