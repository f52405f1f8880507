import { documents as db } from '../../shared/config/aws-clients.ts';
import { timeZoneFromEnv } from '../../shared/config/env.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { compensationsIn } from '../../shared/persistence/compensation-repository.ts';
import { tracesIn } from '../../shared/persistence/consumer-status.ts';
import { paymentsIn } from '../../shared/persistence/payment-repository.ts';
import { refundsIn } from '../../shared/persistence/refund-repository.ts';
import { storesFromEnv, tablesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { explainPayment } from './handler.ts';

const tables = tablesFromEnv(['deliveries', 'rankings', 'loyaltyPoints', 'reviews']);

export const handler = httpHandler(
  explainPayment({
    ...storesFromEnv({ payments: paymentsIn, compensations: compensationsIn, refunds: refundsIn }),
    traces: tracesIn(db, tables, timeZoneFromEnv()),
    timings: timingsFromEnv(),
  }),
);
