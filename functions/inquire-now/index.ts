import { paymentsIn } from '../../shared/data/payments.ts';
import { httpHandler } from '../../shared/http/boundary.ts';
import { pgAskerFromEnv } from '../../shared/runtime/ask-pg.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
import { inquireNow } from './handler.ts';

const { payments } = storesFromEnv({ payments: paymentsIn });

export const handler = httpHandler(inquireNow({ payments, askPgNow: pgAskerFromEnv('operator') }));
