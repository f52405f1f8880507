import { compensationsIn } from '../../shared/data/compensations.ts';
import { paymentsIn } from '../../shared/data/payments.ts';
import { refundsIn } from '../../shared/data/refunds.ts';
import { tracesIn } from '../../shared/data/traces.ts';
import { httpHandler } from '../../shared/http/boundary.ts';
import { documents as db } from '../../shared/runtime/aws.ts';
import { timeZoneFromEnv } from '../../shared/runtime/env.ts';
import { storesFromEnv, tablesFromEnv } from '../../shared/runtime/stores.ts';
import { timingsFromEnv } from '../../shared/runtime/timings.ts';
import { explainPayment } from './handler.ts';

const tables = tablesFromEnv(['deliveries', 'rankings', 'loyaltyPoints', 'reviews']);

export const handler = httpHandler(
  explainPayment({
    ...storesFromEnv({ payments: paymentsIn, compensations: compensationsIn, refunds: refundsIn }),
    traces: tracesIn(db, tables, timeZoneFromEnv()),
    timings: timingsFromEnv(),
  }),
);
